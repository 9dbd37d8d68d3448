import { expect, test } from "vitest";
import type { ExpectedColumns } from "./expected-columns.ts";
import { readFeatureTable } from "./feature-table.ts";
import { sourceOf } from "./testing/source.ts";

const read = (text: string, expected?: ExpectedColumns): ReturnType<typeof readFeatureTable> =>
  readFeatureTable(sourceOf(text, { name: "request body" }), expected);

const fail = async (text: string, expected?: ExpectedColumns): Promise<string> => {
  const error: unknown = await read(text, expected).catch((reason: unknown) => reason);
  const { code, message } = error as { code: string; message: string };
  return `${code} ${message}`;
};

const featureNames = ["sepal length", "sepal width"];

test("every column is a feature", async () => {
  expect(await read("5.1,3.5\r\n4.9,3.0")).toEqual({
    features: { values: Float64Array.of(5.1, 3.5, 4.9, 3), rows: 2, columns: 2 },
    featureNames: undefined,
  });
});

test("a header of the expected names is taken, a body without header too", async () => {
  const { features } = await read("sepal length,sepal width\n5.1,3.5\n", { featureNames });
  expect(features.rows).toBe(1);
  expect((await read("5.1,3.5\n", { featureNames })).features.rows).toBe(1);
  expect((await read("5.1,3.5\n", { columns: 2, featureNames: undefined })).features.rows).toBe(1);
});

test("a header in another order or of other names is an error", async () => {
  expect(await fail("sepal width,sepal length\n3.5,5.1\n", { featureNames })).toBe(
    'CSV_HEADER request body, row 1, column 1: the columns are in another order: expected "sepal length" here, found "sepal width"; the model\'s columns are sepal length and sepal width',
  );
  expect(await fail("sepal length,petal width\n5.1,1.5\n", { featureNames })).toBe(
    'CSV_HEADER request body, row 1, column 2: the header differs: expected "sepal width" here, found "petal width"; the model\'s columns are sepal length and sepal width',
  );
});

test("another number of columns is told with the expected one", async () => {
  expect(await fail("5.1,3.5,1.4\n", { columns: 2 })).toBe(
    "CSV_COLUMNS request body, row 1: expected 2 columns as the model has, found 3",
  );
  expect(await fail("5.1;3.5\n", { featureNames })).toBe(
    "CSV_COLUMNS request body, row 1: expected 2 columns as the model has, found 1 (the delimiter is ; - expected a comma)",
  );
  expect(await fail("5.1,3.5\n", { columns: 1 })).toBe(
    "CSV_COLUMNS request body, row 1: expected 1 column as the model has, found 2",
  );
});

test("a label column that was left in is told as such", async () => {
  const advice = "seems to be the label: leave the label column out";
  expect(await fail("setosa,5.1,3.5\n", { columns: 2 })).toBe(
    `CSV_COLUMNS request body, row 1: expected 2 columns as the model has, found 3; "setosa" ${advice}`,
  );
  expect(await fail("species,sepal length,sepal width\n", { featureNames })).toContain(advice);
});

test("later rows are compared with the first", async () => {
  expect(await fail("5.1,3.5\n4.9\n", { columns: 2 })).toBe(
    "CSV_RAGGED request body, row 2: expected 2 columns as in row 1, found 1",
  );
});

test("an empty body has no data rows", async () => {
  expect(await fail("", { columns: 2 })).toBe("CSV_EMPTY request body: no data rows");
});
