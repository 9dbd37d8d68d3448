import type { Predictions } from "../service.ts";
import { encodeCsv } from "./csv.ts";
import { encodeJsonLines } from "./json-lines.ts";
import { encodeJson } from "./json.ts";

/** Turns predictions into the body of an answer. */
export type Encoder = (predictions: Predictions) => string | Uint8Array<ArrayBuffer>;

/** What is answered to a client that asks for nothing, in a format that is not offered. */
export const FALLBACK_MEDIA_TYPE = "application/json";

/** What can be answered, by media type; one more format is one more line. */
export const ENCODERS: ReadonlyMap<string, Encoder> = new Map([
  ["application/json", encodeJson],
  ["text/csv", encodeCsv],
  ["application/jsonlines", encodeJsonLines],
]);
