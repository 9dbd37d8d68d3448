import { gzipSync } from "node:zlib";
import { predictLinear } from "../fixtures/linear.ts";

/** A valid request body and what the answer must hold. */
export interface Payload {
  readonly rows: number;
  readonly contentType: "text/csv" | "application/json";
  readonly body: Buffer;
  readonly gzipped: Buffer;
  /** One number a row, exactly. */
  readonly expected: Float64Array;
}

const COLUMNS = 4;

/** A whole number from 0 up to but not `below`. */
export const pickBelow = (below: number): number => Math.floor(Math.random() * below);

/** One of several. */
export const pick = <Item>(items: readonly Item[]): Item => items[pickBelow(items.length)]!;

/** Makes a body of so many rows, in many spellings of numbers. */
export const createPayload = (rows: number, contentType: Payload["contentType"]): Payload => {
  const cells = Array.from({ length: rows * COLUMNS }, spellNumber);
  const values = Float64Array.from(cells, Number);
  const lines = Array.from({ length: rows }, (_, row) =>
    cells.slice(row * COLUMNS, (row + 1) * COLUMNS).join(","),
  );
  const text =
    contentType === "text/csv"
      ? lines.join("\n") + (rows % 2 === 0 ? "\n" : "")
      : `{"instances":[[${lines.join("],[")}]]}`;
  const body = Buffer.from(text);
  const expected = predictLinear({ values, rows, columns: COLUMNS });
  return { rows, contentType, body, gzipped: gzipSync(body), expected };
};

/** Bodies of 1 to `maxRows` rows, small ones more often, as clients send them. */
export const createPayloads = (maxRows: number): readonly Payload[] =>
  [1, 1, 1, 2, 7, 29, 29, 100, 1000, 1000, 5000, maxRows].flatMap((rows) => [
    createPayload(rows, "text/csv"),
    createPayload(rows, "application/json"),
  ]);

const spellNumber = (): string => {
  const value = (Math.random() - 0.5) * 200;
  const style = pickBelow(8);
  if (style === 0) return value.toExponential(3);
  if (style === 1) return String(pickBelow(100));
  return value.toFixed(1 + (style % 3));
};

/** What is wrong with an answer of status 200; undefined when every number is exactly right. */
export const findWrong = (
  { expected }: Payload,
  contentType: string | undefined,
  body: string,
): string | undefined => {
  const values = contentType?.startsWith("application/json")
    ? (JSON.parse(body) as { predictions: { value: number }[] }).predictions.map(
        ({ value }) => value,
      )
    : body.trimEnd().split("\n").map(Number);
  if (values.length !== expected.length) {
    return `${values.length} answers for ${expected.length} rows`;
  }
  const row = values.findIndex((value, at) => value !== expected[at]);
  return row === -1 ? undefined : `row ${row} is ${values[row]}, expected ${expected[row]}`;
};
