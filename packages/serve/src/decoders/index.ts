import type { Matrix } from "@byoc/table";
import type { Body } from "../body.ts";
import type { InputDeclaration } from "../service.ts";
import { decodeJsonLines } from "./json-lines.ts";
import { decodeJson } from "./json.ts";

/**
 * Turns the bytes of a request into rows of features, at least one row of `input.columns` finite numbers.
 *
 * What it throws as `InputError` is answered with 400.
 */
export type Decoder = (body: Body, input: InputDeclaration) => Promise<Matrix>;

/** CSV is read by a parser that takes longer to import than everything else here, so not before it is asked for. */
const decodeCsv: Decoder = async (body, input) => {
  const csv = await import("./csv.ts");
  return csv.decodeCsv(body, input);
};

/** What can be read, by media type; one more format is one more line. */
export const DECODERS: ReadonlyMap<string, Decoder> = new Map([
  ["text/csv", decodeCsv],
  ["application/json", decodeJson],
  ["application/jsonlines", decodeJsonLines],
]);
