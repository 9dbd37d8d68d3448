import { TextDecoder } from "node:util";
import { InputError, quote } from "@byoc/errors";
import { tooManyRows } from "./problems.ts";

/** Rows need three levels; the rest is for members that are passed over. */
export const MAX_JSON_DEPTH = 32;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LEFT_BRACKET = 0x5b;
const RIGHT_BRACKET = 0x5d;
const LEFT_BRACE = 0x7b;
const RIGHT_BRACE = 0x7d;

/**
 * Looks at JSON before it is parsed, so that no body can make a parser use more time and memory than its rows are worth.
 *
 * @throws {InputError} `JSON_TOO_DEEP`; InvocationError `TOO_MANY_ROWS` (413) for more arrays and objects than so many
 * rows have.
 */
export class JsonGuard {
  readonly #maxRows: number;
  readonly #row: number | undefined;
  #depth = 0;
  #opened = 0;
  #isInString = false;
  #isEscaped = false;

  constructor(maxRows: number, row?: number) {
    this.#maxRows = maxRows;
    this.#row = row;
  }

  /** Looks at the next bytes. */
  push(bytes: Uint8Array): void {
    let depth = this.#depth;
    let isInString = this.#isInString;
    let isEscaped = this.#isEscaped;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at]!;
      if (isInString) {
        if (isEscaped) isEscaped = false;
        else if (byte === BACKSLASH) isEscaped = true;
        else if (byte === QUOTE) isInString = false;
      } else if (byte === QUOTE) isInString = true;
      else if (byte === LEFT_BRACKET || byte === LEFT_BRACE) {
        this.#opened++;
        if (++depth > MAX_JSON_DEPTH) throw tooDeep(this.#row);
      } else if (byte === RIGHT_BRACKET || byte === RIGHT_BRACE) depth--;
    }
    this.#depth = depth;
    this.#isInString = isInString;
    this.#isEscaped = isEscaped;
    // A row is an array, or an object with one.
    if (this.#opened > 2 * this.#maxRows + MAX_JSON_DEPTH) throw tooManyRows(this.#maxRows);
  }
}

/**
 * Bytes as text, without a byte order mark.
 *
 * @param row Its row for messages, and so no byte order mark unless it is the first.
 * @throws {InputError} `BODY_NOT_UTF8`.
 */
export const toText = (bytes: Uint8Array, row?: number): string => {
  try {
    const ignoreBOM = row !== undefined && row > 1;
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM }).decode(bytes);
  } catch (cause) {
    throw new InputError("BODY_NOT_UTF8", "the body is not text in UTF-8", withRow(row, cause));
  }
};

/**
 * One JSON value, exactly what `JSON.parse` takes.
 *
 * @throws {InputError} `JSON_MALFORMED` with what the parser says, and the row if one is given.
 */
export const parseJson = (text: string, row?: number): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    const word = /(?<!["\w])[+-]?(?:NaN|Infinity)(?!["\w])/.exec(text)?.[0];
    const hint = word === undefined ? "" : ` (${quote(word)}? JSON has no such number)`;
    throw new InputError("JSON_MALFORMED", `not valid JSON: ${words}${hint}`, withRow(row, cause));
  }
};

const tooDeep = (row: number | undefined): InputError =>
  new InputError(
    "JSON_TOO_DEEP",
    `found arrays and objects nested more than ${MAX_JSON_DEPTH} levels deep; a row is [5.1, 3.5]`,
    withRow(row),
  );

const withRow = (row: number | undefined, cause?: unknown): { row?: number; cause?: unknown } => ({
  ...(row !== undefined && { row }),
  ...(cause !== undefined && { cause }),
});
