import { InputError, listNames, quote } from "@byoc/errors";
import type { FeatureInput } from "../service.ts";
import { describeValue, isRecord, wrongName } from "./json-rows.ts";

/** The rows of a body, each still as it was parsed. */
export interface Instances {
  readonly rows: readonly unknown[];
  /** For each column of the model its place in a row, where a body names its columns. */
  readonly order?: readonly number[] | undefined;
}

/** Members that hold rows, of which a body has one. */
const HOLDERS = [
  "instances",
  "inputs",
  "dataframe_split",
  "dataframe_records",
  "features",
] as const;

/**
 * Finds the rows in a parsed body: an array of rows, one row, or an object that holds them as TensorFlow Serving
 * (`instances`, `inputs`), MLflow (`dataframe_split`, `dataframe_records`) and others (`features`) have it.
 *
 * @throws {InputError} `JSON_SHAPE`, `JSON_COLUMN_NAME` or `JSON_COLUMN_COUNT`.
 * @see https://mlflow.org/docs/latest/ml/deployment/deploy-model-locally/
 * @see https://www.tensorflow.org/tfx/serving/api_rest
 */
export const findInstances = (body: unknown, input: FeatureInput): Instances => {
  if (Array.isArray(body)) return toInstances(body, input);
  if (!isRecord(body)) throw noRows(describeValue(body));

  const { names = [] } = input;
  const has = (name: string): boolean => Object.hasOwn(body, name);
  if (names.length > 0 && names.every(has)) return { rows: [body] };

  const [holder, second] = HOLDERS.filter(has);
  if (holder === undefined) {
    if (names.some(has)) return { rows: [body] };
    const keys = Object.keys(body).map((key) => quote(key));
    throw noRows(`an object with ${listNames(keys, { conjunction: "and", most: 5 })}`);
  }
  if (second !== undefined) throw noRows(`both ${holder} and ${second}`);

  const held = body[holder];
  if (holder === "dataframe_split") return splitFrame(held, input);
  if (holder === "features") {
    return Array.isArray(held) && !isOneRow(held) ? { rows: held } : { rows: [body] };
  }
  if (Array.isArray(held)) return toInstances(held, input);
  throw noRows(`${describeValue(held)} as ${holder}`);
};

const toInstances = (values: readonly unknown[], { columns }: FeatureInput): Instances => {
  if (!isOneRow(values)) return { rows: values };
  return { rows: columns === 1 ? values.map((value) => [value]) : [values] };
};

/** `[5.1, 3.5]`: an array whose first element is no row. */
const isOneRow = (values: readonly unknown[]): boolean =>
  values.length > 0 && !Array.isArray(values[0]) && !isRecord(values[0]);

/** What `DataFrame.to_dict("split")` gives: rows as `data`, the names of their columns as `columns`. */
const splitFrame = (frame: unknown, { columns, names }: FeatureInput): Instances => {
  const rows = isRecord(frame) ? frame["data"] : undefined;
  if (!isRecord(frame) || !Array.isArray(rows)) {
    const found = isRecord(frame) ? "an object without data" : describeValue(frame);
    throw noRows(`${found} as dataframe_split`);
  }
  const found = frame["columns"];
  if (found === undefined) return { rows };
  if (!Array.isArray(found)) throw noRows(`${describeValue(found)} as columns of dataframe_split`);
  if (found.length !== columns) {
    const problem = `expected ${columns} columns in dataframe_split, found ${found.length}`;
    throw new InputError("JSON_COLUMN_COUNT", problem);
  }
  // pandas numbers the columns that have no names.
  if (names === undefined || found.every((name, index) => name === index)) return { rows };
  const order = names.map((name, index) => {
    const place = found.indexOf(name);
    if (place !== -1) return place;
    const extra = found.find((other) => !names.includes(other as string));
    const problem = `expected ${quote(name)}, found ${describeValue(extra)}`;
    throw wrongName(problem, names, { column: index + 1 });
  });
  return { rows, order };
};

const noRows = (found: string): InputError =>
  new InputError(
    "JSON_SHAPE",
    `expected {"instances": [[5.1, 3.5], …]}, an array of rows or one row, found ${found}`,
  );
