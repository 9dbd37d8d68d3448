import type { Writable } from "node:stream";
import { InputError } from "@byoc/errors";
import type { CsvError, Options } from "csv-parse";
import { checkFormat } from "./format.ts";
import { createRowCounter } from "./row-counter.ts";
import type { Source } from "./source.ts";

/** The most characters of one row, so that a quote that is never closed does not read a whole file into one cell. */
export const MAX_RECORD_CHARACTERS: number = 16 * 1024 * 1024;

/** RFC 4180, and what spreadsheets make of it: any line end, blanks around cells, blank lines, a byte order mark. */
const DIALECT: Options = {
  bom: true,
  delimiter: ",",
  max_record_size: MAX_RECORD_CHARACTERS,
  record_delimiter: ["\r\n", "\n", "\r"],
  relax_column_count: true,
  skip_empty_lines: true,
  trim: true,
};

/**
 * Takes the cells of a row, without quotes, and the row's number from 1, blank lines counted; what it throws ends the reading.
 *
 * Cells that were quoted keep the blanks inside their quotes.
 */
export type OnRecord = (cells: readonly string[], row: number) => void;

/**
 * Reads the rows of a source one after the other, however its bytes are cut into chunks.
 *
 * Of several errors the first in the source is thrown: a row is handed over before the next is read.
 *
 * @see https://csv.js.org/parse/ and https://www.rfc-editor.org/rfc/rfc4180
 * @throws {InputError} CSV_SYNTAX, CSV_ENCODING
 */
export const readRecords = async (source: Source, onRecord: OnRecord): Promise<void> => {
  // Takes longer to load than all the rest of this package, and serving hardly ever needs it.
  const { CsvError, parse } = await import("csv-parse");
  const rows = createRowCounter();
  const parser = parse({
    ...DIALECT,
    on_record: (cells: readonly string[], { lines }) => {
      onRecord(cells, rows.begin(cells, lines));
      return null;
    },
  });
  // Every error arrives in the callback of the call that caused it.
  parser.on("error", () => {});

  try {
    for await (const chunk of checkFormat(source)) await write(parser, chunk);
    await end(parser);
  } catch (error) {
    throw error instanceof CsvError ? toInputError(error, source.name, rows.next()) : error;
  } finally {
    parser.destroy();
  }
};

const write = (stream: Writable, chunk: Uint8Array): Promise<void> =>
  new Promise((resolve, reject) => {
    stream.write(chunk, (error) => (error ? reject(error) : resolve()));
  });

const end = (stream: Writable): Promise<void> =>
  new Promise((resolve, reject) => {
    stream.end((error?: Error | null) => (error ? reject(error) : resolve()));
  });

/** The errors of csv-parse in the words of this package; `row` is where the record begins that could not be read. */
const toInputError = (error: CsvError, file: string, row: number): InputError => {
  const column = typeof error["column"] === "number" ? error["column"] + 1 : undefined;
  const place = { file, row, ...(column !== undefined && { column }) };
  switch (error.code) {
    case "INVALID_OPENING_QUOTE":
      return new InputError(
        "CSV_SYNTAX",
        'found a quote inside a cell that does not begin with one; quote the whole cell and double the quotes in it: "a ""b"" c"',
        place,
      );
    case "CSV_INVALID_CLOSING_QUOTE":
    case "CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE":
      return new InputError(
        "CSV_SYNTAX",
        'expected a comma or the end of the line after the closing quote; double the quotes inside a cell: "a ""b"" c"',
        place,
      );
    case "CSV_QUOTE_NOT_CLOSED":
      return new InputError(
        "CSV_SYNTAX",
        "a quote that opens here or just below is never closed",
        place,
      );
    case "CSV_MAX_RECORD_SIZE":
      return new InputError(
        "CSV_SYNTAX",
        `the row is longer than ${MAX_RECORD_CHARACTERS} characters; a quote that is never closed?`,
        place,
      );
    default:
      return new InputError("CSV_SYNTAX", error.message, { ...place, cause: error });
  }
};
