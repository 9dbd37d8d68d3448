import { BlockCutter, endsOf, type Matrix } from "@byoc/table";
import type { FeatureInput } from "../service.ts";
import { isJsonBlank, JsonNumbers } from "./json-numbers.ts";

const COMMA = 0x2c;
const LEFT_BRACKET = 0x5b;
const RIGHT_BRACKET = 0x5d;
const RIGHT_BRACE = 0x7d;
const BLANK = 0x20;

/** What may stand before the first row, in Latin-1. */
const HEAD = /^(?:ï»¿)?[\t\n\r ]*(?:(\{)[\t\n\r ]*"(?:instances|inputs)"[\t\n\r ]*:[\t\n\r ]*)?\[/;
/** More bytes before the first row are not plain. */
const MAX_HEAD_BYTES = 256;
/** A number is never as long, white space hardly ever. */
const MAX_PIECE_BYTES = 64 * 1024;
const PIECE_ENDS = endsOf(",]}");

/** What comes next. */
type Place = "head" | "first" | "numbers" | "after row" | "row" | "after rows" | "end";

/**
 * Reads the plain shapes of rows from bytes of JSON as they arrive: `{"instances": [[5.1, 3.5], …]}`, the same with
 * `inputs`, `[[5.1, 3.5], …]` and one row `[5.1, 3.5]`. It stops at the first byte that is anything else.
 */
export class JsonScan {
  /** Rows that ended. */
  rows = 0;
  readonly #columns: number;
  readonly #numbers: JsonNumbers;
  readonly #pieces: BlockCutter;
  #head: Uint8Array = new Uint8Array();
  #place: Place = "head";
  #isObject = false;
  #isFlat = false;

  constructor({ columns, acceptsMissing = false }: FeatureInput) {
    this.#columns = columns;
    this.#numbers = new JsonNumbers(acceptsMissing);
    this.#pieces = new BlockCutter(
      PIECE_ENDS,
      (bytes, start, end) => this.#take(bytes, start, end),
      MAX_PIECE_BYTES,
    );
  }

  /** Takes the next bytes, and tells whether all of them so far were plain rows. */
  push(chunk: Uint8Array): boolean {
    if (this.#place !== "head") return this.#pieces.take(chunk);
    const bytes = this.#head.length === 0 ? chunk : Buffer.concat([this.#head, chunk]);
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const head = HEAD.exec(text.toString("latin1", 0, MAX_HEAD_BYTES));
    if (head === null) {
      this.#head = bytes;
      return bytes.length < MAX_HEAD_BYTES;
    }
    this.#isObject = head[1] !== undefined;
    this.#place = "first";
    return this.#pieces.take(bytes.subarray(head[0].length));
  }

  /** The rows, or undefined if the body did not end where rows end. */
  finish(): Matrix | undefined {
    const isPlain = this.#pieces.finish(BLANK) && this.#place === "end";
    if (!isPlain) {
      this.#numbers.values.release();
      return undefined;
    }
    return { values: this.#numbers.values.take(), rows: this.rows, columns: this.#columns };
  }

  #take(bytes: Uint8Array, start: number, end: number): boolean {
    const numbers = this.#numbers;
    numbers.values.reserve((end - start) / 2 + 1);
    let place = this.#place;
    let at = start;
    while (at < end) {
      if (place === "numbers") {
        at = numbers.read(bytes, at, end);
        if (at === -1) return false;
        if (numbers.isOpen) break;
        if (!this.#endArray()) return false;
        place = this.#isFlat ? this.#afterRows() : "after row";
        continue;
      }
      const byte = bytes[at]!;
      at++;
      if (isJsonBlank(byte)) continue;
      if (place === "after row" && byte === COMMA) place = "row";
      else if (place === "row" && byte === LEFT_BRACKET) place = "numbers";
      else if (place === "after row" && byte === RIGHT_BRACKET) place = this.#afterRows();
      else if (place === "after rows" && byte === RIGHT_BRACE) place = "end";
      else if (place === "first") {
        place = "numbers";
        this.#isFlat = byte !== LEFT_BRACKET;
        if (this.#isFlat) at--;
      } else return false;
    }
    this.#place = place;
    return true;
  }

  /** Counts what was read; one flat array is one row, or many of a single column. */
  #endArray(): boolean {
    const { count } = this.#numbers;
    if (this.#isFlat && this.#columns === 1) {
      this.rows = count;
      return true;
    }
    this.rows++;
    return count === this.#columns;
  }

  #afterRows(): Place {
    return this.#isObject ? "after rows" : "end";
  }
}
