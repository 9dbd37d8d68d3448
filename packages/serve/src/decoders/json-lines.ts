import { BlockCutter, endsOf, type Matrix } from "@byoc/table";
import type { Decoder, DecoderFactory, DecoderLimits } from "../format.ts";
import { emptyBody } from "../invocation/request-errors.ts";
import type { FeatureInput, InputDeclaration } from "../service.ts";
import { JsonNumbers } from "./json-numbers.ts";
import { createRowWriter, type RowWriter } from "./json-rows.ts";
import { JsonGuard, parseJson, toText } from "./json-text.ts";
import { checkExpansion, requireFeatures, tooManyRows } from "./problems.ts";

const LINE_FEED = 0x0a;
const LEFT_BRACKET = 0x5b;
const LINE_ENDS = endsOf("\n");

/**
 * One row a line, as `[5.1, 3.5]`, `{"features": [5.1, 3.5]}` or an object by feature name; blank lines are passed over,
 * but counted.
 *
 * @throws {InputError} `JSON_MALFORMED`, `JSON_TOO_DEEP`, `JSON_SHAPE`, `JSON_COLUMN_COUNT`, `JSON_COLUMN_NAME`,
 * `JSON_NOT_A_NUMBER` or `BODY_NOT_UTF8`, with row and column; InvocationError `BODY_EMPTY` or `TOO_MANY_ROWS` (413).
 * @see https://jsonlines.org
 */
export const decodeJsonLines: DecoderFactory = (input, limits): Decoder =>
  new JsonLinesDecoder(input, limits);

class JsonLinesDecoder implements Decoder {
  readonly #columns: number;
  readonly #maxRows: number;
  readonly #numbers: JsonNumbers;
  readonly #input: FeatureInput;
  #writeRow: RowWriter | undefined;
  readonly #lines = new BlockCutter(LINE_ENDS, (bytes, start, end) =>
    this.#take(bytes, start, end),
  );
  /** Lines that ended, blank ones too. */
  #line = 0;
  #received = 0;

  constructor(input: InputDeclaration, { maxRows }: DecoderLimits) {
    this.#input = requireFeatures(input);
    this.#columns = this.#input.columns;
    this.#maxRows = maxRows;
    const { acceptsMissing = false } = this.#input;
    this.#numbers = new JsonNumbers(acceptsMissing, { isOneLine: true });
  }

  push(chunk: Uint8Array): void {
    this.#received += chunk.length;
    this.#lines.take(chunk);
    this.#checkRows();
  }

  finish(): Matrix {
    this.#lines.finish(LINE_FEED);
    const rows = this.#checkRows();
    if (rows === 0) throw emptyBody();
    return { values: this.#numbers.values.take(), rows, columns: this.#columns };
  }

  #checkRows(): number {
    const rows = this.#numbers.values.length / this.#columns;
    if (rows > this.#maxRows) throw tooManyRows(this.#maxRows);
    return rows;
  }

  #take(bytes: Uint8Array, start: number, end: number): boolean {
    const { values } = this.#numbers;
    values.reserve((end - start) / 2 + 1);
    let at = start;
    while (at < end) {
      let next = this.#scanLine(bytes, at, end);
      if (next === -1) {
        next = this.#parseLine(bytes, at);
        values.reserve((end - next) / 2 + 1);
      }
      at = next;
      this.#line++;
    }
    return true;
  }

  /** A line with an array of numbers, or a blank one; -1 for anything else. */
  #scanLine(bytes: Uint8Array, start: number, end: number): number {
    let at = skipBlanks(bytes, start);
    if (bytes[at] === LEFT_BRACKET) {
      const { values } = this.#numbers;
      const { length } = values;
      this.#numbers.isOpen = false;
      at = this.#numbers.read(bytes, at + 1, end);
      if (at !== -1 && !this.#numbers.isOpen && this.#numbers.count === this.#columns) {
        at = skipBlanks(bytes, at);
        if (bytes[at] === LINE_FEED) return at + 1;
      }
      values.length = length;
      return -1;
    }
    return bytes[at] === LINE_FEED ? at + 1 : -1;
  }

  #parseLine(bytes: Uint8Array, start: number): number {
    const end = bytes.indexOf(LINE_FEED, start);
    const row = this.#line + 1;
    const line = bytes.subarray(start, end);
    const text = toText(line, row);
    if (text.trim() === "") return end + 1;
    new JsonGuard(this.#maxRows, row).push(line);
    this.#writeRow ??= createRowWriter(this.#input);
    const { values } = this.#numbers;
    values.reserve(this.#columns);
    this.#writeRow(values.values, values.length, parseJson(text, row), row);
    values.length += this.#columns;
    checkExpansion(values.length, this.#received);
    return end + 1;
  }
}

/** The index of the first byte that is no blank, tab or carriage return. */
const skipBlanks = (bytes: Uint8Array, start: number): number => {
  let at = start;
  while (bytes[at] === 0x20 || bytes[at] === 0x09 || bytes[at] === 0x0d) at++;
  return at;
};
