import { InputError, listNames } from "@byoc/errors";
import type { Matrix } from "@byoc/table";
import type { Body } from "../body.ts";
import type { InputDeclaration } from "../service.ts";
import { describeValue, isRecord, toMatrix } from "./instances.ts";
import { readText } from "./text.ts";

/**
 * `{"instances": [[5.1, 3.5], …]}`, the bare array of rows, or one bare row; a row is an array of numbers or
 * `{"features": [5.1, 3.5]}`.
 *
 * @throws {InputError} `JSON_MALFORMED`, `JSON_SHAPE`, `JSON_COLUMN_COUNT` or `JSON_NOT_A_NUMBER`, with row and column.
 */
export const decodeJson = async (body: Body, input: InputDeclaration): Promise<Matrix> =>
  toMatrix(findInstances(parseJson(await readText(body))), input);

/**
 * One JSON value.
 *
 * @throws {InputError} `JSON_MALFORMED` with what the parser says, and the row if one is given.
 */
export const parseJson = (text: string, row?: number): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const problem = `not valid JSON: ${cause instanceof Error ? cause.message : String(cause)}`;
    throw new InputError("JSON_MALFORMED", problem, row === undefined ? { cause } : { row, cause });
  }
};

const findInstances = (value: unknown): readonly unknown[] => {
  if (Array.isArray(value)) return isOneRow(value) ? [value] : value;
  if (isRecord(value) && Array.isArray(value["instances"])) {
    return isOneRow(value["instances"]) ? [value["instances"]] : value["instances"];
  }
  if (isRecord(value) && "features" in value) return [value];
  const found = isRecord(value)
    ? `an object with ${listNames(Object.keys(value), { conjunction: "and", most: 5 })}`
    : describeValue(value);
  throw new InputError(
    "JSON_SHAPE",
    `expected {"instances": [[5.1, 3.5], …]}, an array of rows or one row, found ${found}`,
  );
};

/** `[5.1, 3.5]`: an array whose first element is no row. */
const isOneRow = (values: readonly unknown[]): boolean =>
  values.length > 0 && !Array.isArray(values[0]) && !isRecord(values[0]);
