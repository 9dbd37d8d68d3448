import { createHash } from "node:crypto";
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { writeFileAtomic } from "./atomic-file.ts";
import { isJsonObject } from "./config-file.ts";

/** Named byte strings that make up one checkpoint: weights, optimiser state, a JSON text. */
export type CheckpointParts = Readonly<Record<string, Uint8Array>>;

/** The first line is this and the length of the second in bytes, with ten digits. */
const MAGIC = "BYOC-CHECKPOINT 1 ";
const FIRST_LINE = /^BYOC-CHECKPOINT 1 (?<length>\d{10})\n$/u;
const FIRST_LINE_BYTES = MAGIC.length + 11;

interface Contents {
  readonly step: number;
  readonly parts: readonly { readonly name: string; readonly bytes: number }[];
}

interface Header extends Contents {
  /** Of step, names, lengths and bytes. */
  readonly sha256: string;
}

/**
 * Writes one checkpoint as one file, atomically.
 *
 * Layout: a line with the format's name, a line of JSON with step, names, lengths and SHA-256 of the parts, the parts.
 * One file and not a folder, because SageMaker copies files to S3 one by one, also half of a folder.
 */
export const writeCheckpointFile = (file: string, step: number, parts: CheckpointParts): void => {
  const entries = Object.entries(parts);
  const contents: Contents = {
    step,
    parts: entries.map(([name, bytes]) => ({ name, bytes: bytes.byteLength })),
  };
  const bytes = entries.map(([, part]) => part);
  const header: Header = { ...contents, sha256: digest(contents, bytes) };
  const line = `${JSON.stringify(header)}\n`;
  const length = String(Buffer.byteLength(line)).padStart(10, "0");
  writeFileAtomic(file, `${MAGIC}${length}\n${line}`, ...bytes.flatMap(toPieces));
};

/**
 * Reads one checkpoint file back; each part has a buffer of its own, so that any typed array can be laid over it.
 *
 * @throws Error that says what is wrong with the file: cut short, of another format, or damaged
 */
export const readCheckpointFile = (file: string): { step: number; parts: CheckpointParts } => {
  const descriptor = openSync(file, "r");
  try {
    const { size } = fstatSync(descriptor);
    if (size === 0) throw new Error("it is empty");
    const firstLine = read(descriptor, Math.min(FIRST_LINE_BYTES, size)).toString("latin1");
    const length = Number(FIRST_LINE.exec(firstLine)?.groups?.["length"] ?? Number.NaN);
    if (Number.isNaN(length)) throw new Error("it is not a checkpoint of version 1");
    if (size < FIRST_LINE_BYTES + length) throw new Error("it ends inside its header");

    const { sha256, ...contents } = toHeader(read(descriptor, length).toString("utf8"));
    const total = contents.parts.reduce((sum, { bytes }) => sum + bytes, FIRST_LINE_BYTES + length);
    if (size !== total) throw new Error(`it has ${size} bytes, and ${total} were written`);
    const parts = contents.parts.map(({ name, bytes }) => [name, read(descriptor, bytes)] as const);
    if (
      digest(
        contents,
        parts.map(([, bytes]) => bytes),
      ) !== sha256
    ) {
      throw new Error("its content does not match its SHA-256");
    }
    return { step: contents.step, parts: Object.fromEntries(parts) };
  } finally {
    closeSync(descriptor);
  }
};

/** Node and Linux take at most 2 GiB in one call. */
const MOST_BYTES_AT_ONCE = 2 ** 30;

const toPieces = (bytes: Uint8Array): readonly Uint8Array[] =>
  Array.from({ length: Math.ceil(bytes.byteLength / MOST_BYTES_AT_ONCE) }, (_, index) =>
    bytes.subarray(index * MOST_BYTES_AT_ONCE, (index + 1) * MOST_BYTES_AT_ONCE),
  );

const read = (descriptor: number, length: number): Buffer<ArrayBuffer> => {
  const bytes = Buffer.from(new ArrayBuffer(length));
  for (let offset = 0; offset < length;) {
    const count = readSync(
      descriptor,
      bytes,
      offset,
      Math.min(length - offset, MOST_BYTES_AT_ONCE),
      null,
    );
    if (count === 0) throw new Error("it became shorter while it was read");
    offset += count;
  }
  return bytes;
};

const toHeader = (line: string): Header => {
  const header = parseJson(line);
  const isHeader =
    isJsonObject(header) &&
    Number.isSafeInteger(header["step"]) &&
    Array.isArray(header["parts"]) &&
    header["parts"].every(isPart);
  if (isHeader) return header as unknown as Header;
  throw new Error("its header is damaged");
};

const isPart = (part: unknown): boolean =>
  isJsonObject(part) && typeof part["name"] === "string" && isLength(part["bytes"]);

const isLength = (value: unknown): boolean =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0;

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const digest = ({ step, parts }: Contents, bytes: readonly Uint8Array[]): string => {
  const hash = createHash("sha256");
  const lengths = parts.map((part) => [part.name, part.bytes]);
  hash.update(JSON.stringify([step, lengths]));
  for (const piece of bytes.flatMap(toPieces)) hash.update(piece);
  return hash.digest("hex");
};
