import { InputError, quote } from "@byoc/errors";
import type { Matrix } from "@byoc/table";
import { emptyBody } from "../body.ts";
import type { InputDeclaration } from "../service.ts";

/**
 * Parsed rows as a matrix.
 *
 * @param instances Arrays of numbers, or objects with such an array as `features`.
 * @param rowNumbers What each instance is called in a message; its place from 1 unless given.
 * @throws {InputError} `JSON_SHAPE`, `JSON_COLUMN_COUNT` or `JSON_NOT_A_NUMBER`, with row and column; InvocationError
 * `BODY_EMPTY` without an instance.
 */
export const toMatrix = (
  instances: readonly unknown[],
  { columns }: InputDeclaration,
  rowNumbers?: readonly number[],
): Matrix => {
  if (instances.length === 0) throw emptyBody();
  const values = new Float64Array(instances.length * columns);
  let filled = 0;
  for (const [index, instance] of instances.entries()) {
    const row = rowNumbers?.[index] ?? index + 1;
    const features = toFeatures(instance, row);
    if (features.length !== columns) {
      const problem = `expected ${countColumns(columns)}, found ${features.length}`;
      throw new InputError("JSON_COLUMN_COUNT", problem, { row });
    }
    for (const [place, value] of features.entries()) {
      if (!Number.isFinite(value)) throw notANumber(value, row, place + 1);
      values[filled++] = value as number;
    }
  }
  return { values, rows: instances.length, columns };
};

/** Tells a JSON object from an array, null and plain values. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A JSON value for a message: text is quoted, what is nested is only named. */
export const describeValue = (value: unknown): string => {
  if (typeof value === "string") return quote(value);
  if (Array.isArray(value)) return "an array";
  if (isRecord(value)) return "an object";
  if (typeof value === "number" && !Number.isFinite(value)) {
    return "a number that is too large for a double";
  }
  return String(value);
};

const toFeatures = (instance: unknown, row: number): readonly unknown[] => {
  const features = isRecord(instance) ? instance["features"] : instance;
  if (Array.isArray(features)) return features;
  const found =
    isRecord(instance) && features === undefined
      ? "an object without features"
      : describeValue(features);
  throw new InputError(
    "JSON_SHAPE",
    `expected a row as [5.1, 3.5] or {"features": [5.1, 3.5]}, found ${found}`,
    { row },
  );
};

const notANumber = (value: unknown, row: number, column: number): InputError =>
  new InputError("JSON_NOT_A_NUMBER", `expected a number, found ${describeValue(value)}`, {
    row,
    column,
  });

const countColumns = (columns: number): string =>
  columns === 1 ? "1 feature column" : `${columns} feature columns`;
