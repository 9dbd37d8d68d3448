import { InputError, listNames, quote } from "@byoc/errors";
import type { FeatureInput } from "../service.ts";

/** Takes the value of each column of one row. */
export type RowWriter = (
  values: Float64Array,
  offset: number,
  row: unknown,
  number: number,
) => void;

/**
 * Reads one parsed row: an array of numbers, an object with such an array as `features`, or an object by feature name.
 *
 * @returns Writes the values of a row from an offset on; `number` is what messages call the row. It throws `InputError`
 * `JSON_SHAPE`, `JSON_COLUMN_COUNT`, `JSON_COLUMN_NAME` or `JSON_NOT_A_NUMBER`, with row and column.
 */
export const createRowWriter = (
  { columns, names, acceptsMissing = false }: FeatureInput,
  /** For each column its place in an array; the same place unless given. */
  order?: readonly number[],
): RowWriter => {
  const known = new Set(names);

  const toNumber = (value: unknown, row: number, column: number): number => {
    if (typeof value === "number" && Number.isFinite(value)) return value;
    if (value === null && acceptsMissing) return Number.NaN;
    const hint = value === null ? " (a missing value? this model takes none)" : "";
    const problem = `expected a number, found ${describeValue(value)}${hint}`;
    throw new InputError("JSON_NOT_A_NUMBER", problem, { row, column });
  };

  const writeArray: RowWriter = (values, offset, features, row) => {
    const array = features as readonly unknown[];
    if (array.length !== columns) {
      const problem = `expected ${countColumns(columns)}, found ${array.length}`;
      throw new InputError("JSON_COLUMN_COUNT", problem, { row });
    }
    for (let column = 0; column < columns; column++) {
      const place = order?.[column] ?? column;
      values[offset + column] = toNumber(array[place], row, place + 1);
    }
  };

  const writeNamed = (
    values: Float64Array,
    offset: number,
    instance: Readonly<Record<string, unknown>>,
    row: number,
    expected: readonly string[],
  ): void => {
    const extra = Object.keys(instance).find((name) => !known.has(name));
    if (extra !== undefined) throw wrongName(`found ${quote(extra)}`, expected, { row });
    for (const [index, name] of expected.entries()) {
      const isThere = Object.hasOwn(instance, name);
      if (!isThere && !acceptsMissing) {
        throw wrongName(`expected ${quote(name)}, found none`, expected, {
          row,
          column: index + 1,
        });
      }
      values[offset + index] = isThere ? toNumber(instance[name], row, index + 1) : Number.NaN;
    }
  };

  return (values, offset, instance, row) => {
    if (Array.isArray(instance)) return writeArray(values, offset, instance, row);
    if (isRecord(instance)) {
      const hasFeatures = Object.hasOwn(instance, "features") && !known.has("features");
      if (names !== undefined && !hasFeatures) {
        return writeNamed(values, offset, instance, row, names);
      }
      const features = instance["features"];
      if (Array.isArray(features)) return writeArray(values, offset, features, row);
    }
    throw notARow(instance, row);
  };
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

/** The error for names that are not those of the model's columns. */
export const wrongName = (
  problem: string,
  expected: readonly string[],
  place: { readonly row?: number; readonly column?: number } = {},
): InputError => {
  const all = listNames(expected, { conjunction: "and" });
  return new InputError("JSON_COLUMN_NAME", `${problem}; the model's columns are ${all}`, place);
};

const notARow = (instance: unknown, row: number): InputError => {
  const features = isRecord(instance) ? instance["features"] : instance;
  const found =
    isRecord(instance) && features === undefined
      ? "an object without features"
      : describeValue(features);
  return new InputError(
    "JSON_SHAPE",
    `expected a row as [5.1, 3.5] or {"features": [5.1, 3.5]}, found ${found}`,
    { row },
  );
};

const countColumns = (columns: number): string =>
  columns === 1 ? "1 feature column" : `${columns} feature columns`;
