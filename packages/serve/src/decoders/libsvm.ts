import { InputError, quote } from "@byoc/errors";
import { BlockCutter, endsOf, type Matrix, readCell, ValueBuffer } from "@byoc/table";
import type { Decoder, DecoderFactory, DecoderLimits } from "../format.ts";
import { emptyBody } from "../invocation/request-errors.ts";
import type { InputDeclaration } from "../service.ts";
import { toText } from "./json-text.ts";
import { checkExpansion, requireFeatures, tooManyRows } from "./problems.ts";

const LINE_FEED = 0x0a;
const LINE_ENDS = endsOf("\n");
const INDEX = /^\d{1,15}$/;

/**
 * One row a line, as `0:5.1 2:1.4`, with or without a label before it, which is passed over. Values that are left out
 * are 0. The index is that of the column, from 0, as XGBoost and its SageMaker container read it.
 *
 * Blank lines and what follows `#` are passed over; a row of zeros alone needs a label.
 *
 * @throws {InputError} `LIBSVM_SYNTAX`, `LIBSVM_INDEX`, `LIBSVM_NOT_A_NUMBER` or `BODY_NOT_UTF8`, with row and column;
 * InvocationError `BODY_EMPTY`, `TOO_MANY_ROWS` or `TOO_MANY_VALUES` (413).
 * @see https://xgboost.readthedocs.io/en/stable/tutorials/input_format.html
 */
export const decodeLibsvm: DecoderFactory = (input, limits): Decoder =>
  new LibsvmDecoder(input, limits);

class LibsvmDecoder implements Decoder {
  readonly #columns: number;
  readonly #acceptsMissing: boolean;
  readonly #maxRows: number;
  readonly #buffer = new ValueBuffer();
  readonly #lines = new BlockCutter(LINE_ENDS, (bytes, start, end) =>
    this.#take(bytes, start, end),
  );
  #line = 0;
  #rows = 0;
  #received = 0;
  /** For each column the line that gave it last. */
  readonly #lastLines: Float64Array;

  constructor(input: InputDeclaration, { maxRows }: DecoderLimits) {
    const { columns, acceptsMissing = false } = requireFeatures(input);
    this.#columns = columns;
    this.#acceptsMissing = acceptsMissing;
    this.#maxRows = maxRows;
    this.#lastLines = new Float64Array(columns);
  }

  push(chunk: Uint8Array): void {
    this.#received += chunk.length;
    this.#lines.take(chunk);
  }

  finish(): Matrix {
    this.#lines.finish(LINE_FEED);
    if (this.#rows === 0) throw emptyBody();
    return { values: this.#buffer.take(), rows: this.#rows, columns: this.#columns };
  }

  #take(bytes: Uint8Array, start: number, end: number): boolean {
    let at = start;
    while (at < end) {
      const lineEnd = bytes.indexOf(LINE_FEED, at);
      this.#line++;
      const text = toText(bytes.subarray(at, lineEnd), this.#line);
      const [content = ""] = text.split("#", 1);
      if (/[^\t\r ]/.test(content)) this.#addRow(content);
      at = lineEnd + 1;
    }
    return true;
  }

  #addRow(line: string): void {
    if (++this.#rows > this.#maxRows) throw tooManyRows(this.#maxRows);
    const buffer = this.#buffer;
    checkExpansion(buffer.length + this.#columns, this.#received);
    buffer.reserve(this.#columns);
    const { length: offset, values } = buffer;
    buffer.length += this.#columns;
    values.fill(0, offset, buffer.length);
    let isFirst = true;
    for (const [entry] of line.matchAll(/[^\t\r ]+/g)) {
      const colon = entry.indexOf(":");
      const isLabel = isFirst && colon === -1;
      isFirst = false;
      if (isLabel) continue;
      const index = this.#readIndex(entry, colon);
      const value = readCell(entry.slice(colon + 1), this.#acceptsMissing);
      if (value === undefined) {
        const problem = `expected a number, found ${quote(entry.slice(colon + 1))}`;
        throw new InputError("LIBSVM_NOT_A_NUMBER", problem, {
          row: this.#line,
          column: index + 1,
        });
      }
      values[offset + index] = value;
    }
  }

  #readIndex(entry: string, colon: number): number {
    const row = this.#line;
    const text = entry.slice(0, Math.max(colon, 0));
    if (!INDEX.test(text)) {
      const hint = text === "qid" ? " (leave qid out)" : "";
      const problem = `expected an index and a value as 0:5.1, found ${quote(entry)}${hint}`;
      throw new InputError("LIBSVM_SYNTAX", problem, { row });
    }
    const index = Number(text);
    if (index >= this.#columns) {
      const hint = index === this.#columns ? " (does the file count from 1?)" : "";
      const problem = `expected an index from 0 to ${this.#columns - 1}, found ${text}${hint}`;
      throw new InputError("LIBSVM_INDEX", problem, { row });
    }
    if (this.#lastLines[index] === row) {
      throw new InputError("LIBSVM_INDEX", `found the index ${text} twice`, {
        row,
        column: index + 1,
      });
    }
    this.#lastLines[index] = row;
    return index;
  }
}
