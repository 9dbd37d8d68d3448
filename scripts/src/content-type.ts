import { extname } from "node:path";

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".csv": "text/csv",
  ".jpeg": "image/jpeg",
  ".jpg": "image/jpeg",
  ".json": "application/json",
  ".jsonl": "application/jsonlines",
  ".jsonlines": "application/jsonlines",
  ".libsvm": "text/libsvm",
  ".ndjson": "application/jsonlines",
  ".npy": "application/x-npy",
  ".npz": "application/x-npz",
  ".parquet": "application/x-parquet",
  ".pbr": "application/x-recordio-protobuf",
  ".png": "image/png",
  ".txt": "text/plain",
  ".webp": "image/webp",
};

/** The endings that {@link guessContentType} knows. */
export const knownEndings: readonly string[] = Object.keys(CONTENT_TYPES);

/** The content type that a file's name tells; `undefined` for an ending that is not known. `-` is text/csv. */
export const guessContentType = (path: string): string | undefined =>
  path === "-" ? "text/csv" : CONTENT_TYPES[extname(path).toLowerCase()];
