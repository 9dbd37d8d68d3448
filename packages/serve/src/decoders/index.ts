import type { DecoderFactory } from "../format.ts";
import { decodeCsv } from "./csv.ts";
import { decodeJsonLines } from "./json-lines.ts";
import { decodeJson } from "./json.ts";
import { decodeLibsvm } from "./libsvm.ts";

export { decodeBytes } from "./bytes.ts";

/**
 * What can be read as rows of features, by media type; one more format is one more line.
 *
 * All of them are for models that take a matrix, and for no others.
 */
export const DECODERS: ReadonlyMap<string, DecoderFactory> = new Map([
  ["text/csv", decodeCsv],
  ["application/json", decodeJson],
  ["application/jsonlines", decodeJsonLines],
  ["application/x-jsonlines", decodeJsonLines],
  ["application/jsonl", decodeJsonLines],
  ["application/x-ndjson", decodeJsonLines],
  ["text/libsvm", decodeLibsvm],
  ["text/x-libsvm", decodeLibsvm],
]);

/** Other spellings of a media type, which are understood, and not advertised. */
export const ALIASES: ReadonlySet<string> = new Set([
  "application/x-jsonlines",
  "application/jsonl",
  "application/x-ndjson",
  "text/x-libsvm",
]);
