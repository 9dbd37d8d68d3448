import { type Matrix, ValueBuffer } from "@byoc/table";
import type { Decoder, DecoderFactory, DecoderLimits } from "../format.ts";
import { emptyBody } from "../invocation/request-errors.ts";
import type { FeatureInput, InputDeclaration } from "../service.ts";
import { createRowWriter } from "./json-rows.ts";
import { JsonScan } from "./json-scan.ts";
import { findInstances } from "./json-shapes.ts";
import { JsonGuard, parseJson, toText } from "./json-text.ts";
import { checkExpansion, requireFeatures, tooManyRows } from "./problems.ts";

/**
 * `{"instances": [[5.1, 3.5], …]}`, an array of rows, one row, and what else the README of this package lists.
 *
 * Plain rows are read from the bytes as they arrive; anything else is parsed at the end, within bounds.
 *
 * @throws {InputError} `JSON_MALFORMED`, `JSON_TOO_DEEP`, `JSON_SHAPE`, `JSON_COLUMN_COUNT`, `JSON_COLUMN_NAME`,
 * `JSON_NOT_A_NUMBER` or `BODY_NOT_UTF8`, with row and column; InvocationError `BODY_EMPTY` or `TOO_MANY_ROWS` (413).
 */
export const decodeJson: DecoderFactory = (input, limits): Decoder =>
  new JsonDecoder(input, limits);

class JsonDecoder implements Decoder {
  readonly #input: FeatureInput;
  readonly #maxRows: number;
  readonly #chunks: Uint8Array[] = [];
  readonly #scan: JsonScan;
  /** There once the body is not plain. */
  #guard: JsonGuard | undefined;

  constructor(input: InputDeclaration, { maxRows }: DecoderLimits) {
    this.#input = requireFeatures(input);
    this.#maxRows = maxRows;
    this.#scan = new JsonScan(this.#input);
  }

  push(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    if (this.#guard !== undefined) this.#guard.push(chunk);
    else if (!this.#scan.push(chunk)) this.#guardAll();
    else if (this.#scan.rows > this.#maxRows) throw tooManyRows(this.#maxRows);
  }

  finish(): Matrix {
    if (this.#guard === undefined) {
      const matrix = this.#scan.finish();
      if (matrix !== undefined && matrix.rows > this.#maxRows) throw tooManyRows(this.#maxRows);
      if (matrix !== undefined) return matrix;
      this.#guardAll();
    }
    const bytes = Buffer.concat(this.#chunks);
    const limits = { maxRows: this.#maxRows, bytes: bytes.length };
    return toMatrix(parseJson(toText(bytes)), this.#input, limits);
  }

  #guardAll(): void {
    this.#guard = new JsonGuard(this.#maxRows);
    for (const chunk of this.#chunks) this.#guard.push(chunk);
  }
}

const toMatrix = (
  body: unknown,
  input: FeatureInput,
  { maxRows, bytes }: { readonly maxRows: number; readonly bytes: number },
): Matrix => {
  const { rows, order } = findInstances(body, input);
  if (rows.length === 0) throw emptyBody();
  if (rows.length > maxRows) throw tooManyRows(maxRows);
  const { columns } = input;
  const buffer = new ValueBuffer();
  const writeRow = createRowWriter(input, order);
  for (let row = 0; row < rows.length; row++) {
    buffer.reserve(columns);
    writeRow(buffer.values, buffer.length, rows[row], row + 1);
    buffer.length += columns;
    checkExpansion(buffer.length, bytes);
  }
  return { values: buffer.take(), rows: rows.length, columns };
};
