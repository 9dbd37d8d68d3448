import type { Encoder } from "../format.ts";
import { csvEncoder } from "./csv.ts";
import { jsonLinesEncoder } from "./json-lines.ts";
import { jsonEncoder } from "./json.ts";

/** What is answered to a client that asks for nothing, in a format that is not offered. */
export const FALLBACK_MEDIA_TYPE = "application/json";

/** What can be answered, by media type; one more format is one more line. */
export const ENCODERS: ReadonlyMap<string, Encoder> = new Map([
  ["application/json", jsonEncoder],
  ["text/csv", csvEncoder],
  ["application/jsonlines", jsonLinesEncoder],
]);
