import { InputError } from "@byoc/errors";
import type { Source } from "./source.ts";

/** Enough bytes to tell every format below. */
const SNIFFED_BYTES = 5;

/** Formats that are taken for CSV now and then, by their first bytes in hexadecimal. */
const FOREIGN_FORMATS: readonly (readonly [magic: string, hint: string])[] = [
  ["1f8b", "gzip: decompress it first"],
  ["504b0304", "zip, as .xlsx files are: unpack it, or export the sheet as CSV"],
  ["28b52ffd", "Zstandard: decompress it first"],
  // "PAR1" alone may be a label.
  ["5041523115", "Parquet: convert it to CSV"],
  ["fffe", "UTF-16: save it as UTF-8"],
  ["feff", "UTF-16: save it as UTF-8"],
];

/**
 * Hands the bytes of a source on, once the first of them are known to begin no compressed or binary file.
 *
 * @throws {InputError} CSV_ENCODING for gzip, zip, Zstandard, Parquet and UTF-16.
 */
export async function* checkFormat(source: Source): AsyncGenerator<Uint8Array> {
  let head: Uint8Array | undefined = new Uint8Array();
  for await (const chunk of source.stream()) {
    if (head === undefined) {
      yield chunk;
      continue;
    }
    head = Buffer.concat([head, chunk]);
    if (head.length < SNIFFED_BYTES) continue;
    rejectForeignFormat(head, source.name);
    yield head;
    head = undefined;
  }
  if (head === undefined) return;
  rejectForeignFormat(head, source.name);
  yield head;
}

const rejectForeignFormat = (head: Uint8Array, file: string): void => {
  const magic = Buffer.from(head.subarray(0, SNIFFED_BYTES)).toString("hex");
  const hint = FOREIGN_FORMATS.find(([bytes]) => magic.startsWith(bytes))?.[1];
  if (hint === undefined) return;
  throw new InputError("CSV_ENCODING", `expected CSV in UTF-8, found ${hint}`, { file });
};
