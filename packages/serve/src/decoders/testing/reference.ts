import { isUtf8 } from "node:buffer";
import type { FeatureInput } from "../../service.ts";
import { type Outcome, toOutcome } from "./decode.ts";

/** What is wrong with a body, thrown by the plain decoders below. */
class Wrong extends Error {
  readonly outcome: Outcome;

  constructor(code: string, row?: number, column?: number) {
    super(code);
    this.outcome = { code, row, column };
  }
}

type Input = Pick<FeatureInput, "columns" | "acceptsMissing">;

/** What may stand around the rows of a JSON body, `R`; bare rows as often as two of the others. */
export const JSON_SHELLS: readonly string[] = [
  "R",
  "R",
  '{"instances":R}',
  '{"inputs": R }',
  '{"features":R}',
  '{"x":0,"instances":R}',
];

const HOLDERS = ["instances", "inputs", "dataframe_records", "features"];

/** JSON as the plainest of decoders reads it, for models without feature names. */
export const referenceJson = (bytes: Uint8Array, input: Input): Outcome =>
  outcomeOf(() => {
    const body = parse(bytes);
    const rows = findRows(body, input);
    if (rows.length === 0) throw new Wrong("BODY_EMPTY");
    return rows.map((row, index) => readRow(row, index + 1, input));
  }, input);

/** JSON Lines as the plainest of decoders reads it. */
export const referenceJsonLines = (bytes: Uint8Array, input: Input): Outcome =>
  outcomeOf(() => {
    const rows: number[][] = [];
    for (const [index, line] of splitLines(bytes).entries()) {
      const row = index + 1;
      if (isUtf8(line) && line.toString().trim() === "") continue;
      rows.push(readRow(parse(line, row), row, input));
    }
    if (rows.length === 0) throw new Wrong("BODY_EMPTY");
    return rows;
  }, input);

const outcomeOf = (read: () => number[][], { columns }: Input): Outcome => {
  try {
    const rows = read();
    return toOutcome(Float64Array.from(rows.flat()), { rows: rows.length, columns });
  } catch (error) {
    if (error instanceof Wrong) return error.outcome;
    throw error;
  }
};

const splitLines = (bytes: Uint8Array): Buffer[] => {
  const lines: Buffer[] = [];
  let rest = Buffer.from(bytes);
  for (let end = rest.indexOf("\n"); end !== -1; end = rest.indexOf("\n")) {
    lines.push(rest.subarray(0, end));
    rest = rest.subarray(end + 1);
  }
  return [...lines, rest];
};

const parse = (bytes: Uint8Array, row?: number): unknown => {
  if (!isUtf8(bytes)) throw new Wrong("BODY_NOT_UTF8", row);
  const text = Buffer.from(bytes).toString();
  try {
    return JSON.parse(row === undefined || row === 1 ? text.replace(/^\uFEFF/, "") : text);
  } catch {
    throw new Wrong("JSON_MALFORMED", row);
  }
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isNested = (value: unknown): boolean => Array.isArray(value) || isObject(value);

const findRows = (body: unknown, { columns }: Input): readonly unknown[] => {
  let rows = body;
  if (isObject(body)) {
    const held = HOLDERS.filter((name) => Object.hasOwn(body, name));
    const [holder = ""] = held;
    if (held.length !== 1) throw new Wrong("JSON_SHAPE");
    rows = body[holder];
    if (holder === "features") {
      return Array.isArray(rows) && (rows.length === 0 || isNested(rows[0])) ? rows : [body];
    }
  }
  if (!Array.isArray(rows)) throw new Wrong("JSON_SHAPE");
  if (rows.length === 0 || isNested(rows[0])) return rows;
  return columns === 1 ? rows.map((value: unknown) => [value]) : [rows];
};

const readRow = (row: unknown, number: number, { columns, acceptsMissing }: Input): number[] => {
  const features = isObject(row) ? row["features"] : row;
  if (!Array.isArray(features)) throw new Wrong("JSON_SHAPE", number);
  if (features.length !== columns) throw new Wrong("JSON_COLUMN_COUNT", number);
  return features.map((value: unknown, index) => {
    if (typeof value === "number" && Number.isFinite(value)) return value;
    if (value === null && acceptsMissing === true) return Number.NaN;
    throw new Wrong("JSON_NOT_A_NUMBER", number, index + 1);
  });
};
