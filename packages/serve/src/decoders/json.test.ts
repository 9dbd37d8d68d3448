import { expect, test } from "vitest";
import { decodeJson } from "./json.ts";
import { decode, type DecodeOptions } from "./testing/decode.ts";

const MATRIX = { values: new Float64Array([1, 2, 3, 4]), rows: 2, columns: 2 };
const names = ["length", "width"];

/** The body as it is, and cut into single bytes. */
const decodeBoth = async (body: string, options?: DecodeOptions): Promise<unknown> => {
  const whole = await decode(decodeJson, body, options);
  const cuts = Array.from(Buffer.from(body).keys());
  expect(await decode(decodeJson, body, { ...options, cuts })).toEqual(whole);
  return whole;
};

test.each([
  '{"instances": [[1, 2], [3, 4]]}',
  '{"inputs": [[1, 2], [3, 4]]}',
  '{"instances": [{"features": [1, 2]}, {"features": [3, 4]}], "parameters": {}}',
  '{"signature_name": "x", "instances": [[1, 2], [3, 4]]}',
  '{"instances": [[5, 6]], "instances": [[1, 2], [3, 4]]}',
  '{"\\u0069nstances": [[1, 2], [3, 4]]}',
  '{"dataframe_split": {"columns": ["a", "b"], "data": [[1, 2], [3, 4]], "index": [0, 1]}}',
  '{"dataframe_split": {"columns": [0, 1], "data": [[1, 2], [3, 4]]}}',
  '{"dataframe_split": {"data": [[1, 2], [3, 4]]}}',
  '{"features": [[1, 2], [3, 4]]}',
  "[[1, 2], [3, 4]]",
  '[{"features": [1, 2]}, [3, 4]]',
  "\uFEFF [[1e0, 2.0], [30e-1, 4]] \r\n",
  '\n{\n  "instances": [\n    [\n      1,\n      2\n    ],\n    [\n      3,\n      4\n    ]\n  ]\n}\n',
])("%s is two rows", async (body) => {
  expect(await decodeBoth(body)).toEqual(MATRIX);
});

test.each(["[1, -2]", '{"instances": [1, -2]}', '{"features": [1, -2]}', "[[1, -2]]"])(
  "%s is one row",
  async (body) => {
    const row = { values: new Float64Array([1, -2]), rows: 1, columns: 2 };
    expect(await decodeBoth(body)).toEqual(row);
  },
);

test("for a model of one column, a flat array is one row for each number", async () => {
  for (const body of ["[1, 2, 3, 4]", '{"instances": [1, 2, 3, 4], "x": 0}', "[[1],[2],[3],[4]]"]) {
    expect(await decodeBoth(body, { columns: 1 })).toEqual({ ...MATRIX, rows: 4, columns: 1 });
  }
});

test.each([
  '{"instances": [{"length": 1, "width": 2}, {"width": 4, "length": 3}]}',
  '[{"width": 2, "length": 1}, [3, 4]]',
  '{"dataframe_records": [{"length": 1, "width": 2}, {"features": [3, 4]}]}',
  '{"dataframe_split": {"columns": ["width", "length"], "data": [[2, 1], [4, 3]]}}',
  '{"dataframe_split": {"columns": ["length", "width"], "data": [[1, 2], [3, 4]]}}',
  '{"dataframe_split": {"columns": [0, 1], "data": [[1, 2], [3, 4]]}}',
])("with declared names, %s is two rows in the model's order", async (body) => {
  expect(await decodeBoth(body, { names })).toEqual(MATRIX);
});

test("one object by feature name is one row, also with names that hold rows elsewhere", async () => {
  const row = { values: new Float64Array([1, 2]), rows: 1, columns: 2 };
  expect(await decodeBoth('{"width": 2, "length": 1}', { names })).toEqual(row);
  const odd = ["features", "instances"];
  expect(await decodeBoth('{"features": 1, "instances": 2}', { names: odd })).toEqual(row);
  expect(await decodeBoth('[{"features": 1, "instances": 2}]', { names: odd })).toEqual(row);
});

test.each([
  ['{"length": 1}', "JSON_COLUMN_NAME", 1, 2, "width"],
  ['[{"length": 1, "width": 2}, {"length": 1}]', "JSON_COLUMN_NAME", 2, 2, "width"],
  ['[{"length": 1, "width": 2, "id": 7}]', "JSON_COLUMN_NAME", 1, undefined, "id"],
  ['[{"length": 1, "width": "2"}]', "JSON_NOT_A_NUMBER", 1, 2, "2"],
  ['[{"__proto__": [1, 2]}]', "JSON_COLUMN_NAME", 1, undefined, "__proto__"],
  [
    '{"dataframe_split": {"columns": ["length", "x"], "data": []}}',
    "JSON_COLUMN_NAME",
    undefined,
    2,
    "x",
  ],
  [
    '{"dataframe_split": {"columns": ["length"], "data": []}}',
    "JSON_COLUMN_COUNT",
    undefined,
    undefined,
    "found 1",
  ],
])("with declared names, %s is answered with %s", async (body, code, row, column, found) => {
  const message = expect.stringContaining(found) as string;
  await expect(decode(decodeJson, body, { names })).rejects.toMatchObject({
    code,
    row,
    column,
    message,
  });
});

test("null, and a name that is not there, are missing values for a model that takes them", async () => {
  const options = { names, acceptsMissing: true };
  const values = new Float64Array([NaN, 1]);
  for (const body of [
    "[null, 1]",
    "[[ null ,1]]",
    '{"width": 1}',
    '{"inputs": [[null,1]],"x":0}',
  ]) {
    expect(await decodeBoth(body, options)).toMatchObject({ values });
  }
  await expect(decode(decodeJson, "[[nul, 1]]", options)).rejects.toMatchObject({
    code: "JSON_MALFORMED",
  });
});

test.each([
  ['{"instances": ', "JSON_MALFORMED", undefined, undefined],
  ["{'instances': 1}", "JSON_MALFORMED", undefined, undefined],
  ["[[1, NaN]]", "JSON_MALFORMED", undefined, undefined],
  ["[[1, 2]]]", "JSON_MALFORMED", undefined, undefined],
  ["[[1, 2]", "JSON_MALFORMED", undefined, undefined],
  ["[[1, 2],]", "JSON_MALFORMED", undefined, undefined],
  ["[[1, 2,]]", "JSON_MALFORMED", undefined, undefined],
  ["[[01, 2]]", "JSON_MALFORMED", undefined, undefined],
  ["[[+1, 2]]", "JSON_MALFORMED", undefined, undefined],
  ["[[.5, 2]]", "JSON_MALFORMED", undefined, undefined],
  ["[[1., 2]]", "JSON_MALFORMED", undefined, undefined],
  ["[[1.e5, 2]]", "JSON_MALFORMED", undefined, undefined],
  ["[[-, 2]]", "JSON_MALFORMED", undefined, undefined],
  ['{"data": [[1, 2]]}', "JSON_SHAPE", undefined, undefined],
  ['{"instances": {}}', "JSON_SHAPE", undefined, undefined],
  ['{"instances": [[1, 2]], "inputs": [[1, 2]]}', "JSON_SHAPE", undefined, undefined],
  ['{"dataframe_split": [[1, 2]]}', "JSON_SHAPE", undefined, undefined],
  ['{"dataframe_split": {"columns": 2, "data": []}}', "JSON_SHAPE", undefined, undefined],
  ["12", "JSON_SHAPE", undefined, undefined],
  ["null", "JSON_SHAPE", undefined, undefined],
  ['[[1, 2], "3,4"]', "JSON_SHAPE", 2, undefined],
  ['[{"a": 1}]', "JSON_SHAPE", 1, undefined],
  ['{"features": 3}', "JSON_SHAPE", 1, undefined],
  ["[[1, 2], [3]]", "JSON_COLUMN_COUNT", 2, undefined],
  ["[[1, 2], []]", "JSON_COLUMN_COUNT", 2, undefined],
  ["[1, 2, 3]", "JSON_COLUMN_COUNT", 1, undefined],
  ['[[1, 2], [3, "4"]]', "JSON_NOT_A_NUMBER", 2, 2],
  ["[[1, 2], [null, 4]]", "JSON_NOT_A_NUMBER", 2, 1],
  ["[[1, [2]]]", "JSON_NOT_A_NUMBER", 1, 2],
  ["[[1, 1e999]]", "JSON_NOT_A_NUMBER", 1, 2],
  ["[true, 2]", "JSON_NOT_A_NUMBER", 1, 1],
  ["[]", "BODY_EMPTY", undefined, undefined],
  ['{"instances": []}', "BODY_EMPTY", undefined, undefined],
  ["", "JSON_MALFORMED", undefined, undefined],
])("%s is answered with %s at row %s, column %s", async (body, code, row, column) => {
  const message = expect.stringMatching(/found|not valid JSON|no row/) as string;
  const problem = { code, row, column, message };
  await expect(decode(decodeJson, body)).rejects.toMatchObject(problem);
  const cuts = Array.from(Buffer.from(body).keys());
  await expect(decode(decodeJson, body, { cuts })).rejects.toMatchObject(problem);
});

test("a client that sends NaN is told that JSON has none", async () => {
  await expect(decode(decodeJson, "[[1, NaN]]")).rejects.toThrow(
    '("NaN"? JSON has no such number)',
  );
});

test("bytes that are not UTF-8 are refused, also when the text is cut inside a character", async () => {
  for (const hex of ["22e922", "22c3"]) {
    const problem = { code: "BODY_NOT_UTF8" };
    await expect(decode(decodeJson, Buffer.from(hex, "hex"))).rejects.toMatchObject(problem);
  }
});

test("a body nested a million levels deep is refused before it is parsed", () => {
  const decoder = decodeJson({ columns: 2 }, { maxRows: 10 }, "application/json");
  expect(() => decoder.push(Buffer.from("[".repeat(1_000_000)))).toThrow("32 levels deep");
  expect(() => decoder.push(Buffer.from('{"a":'.repeat(1_000_000)))).toThrow("32 levels deep");
});

test("brackets in strings are no depth", async () => {
  const name = `\\"${"[".repeat(100)}\\\\`;
  expect(await decode(decodeJson, `{"${name}": "[", "instances": [[1, 2], [3, 4]]}`)).toEqual(
    MATRIX,
  );
});

test("more rows than a request may have are a 413, plain or not, and before they are parsed", async () => {
  const problem = { status: 413, code: "TOO_MANY_ROWS" };
  for (const body of ["[[1,2],[3,4],[5,6]]", '[{"features":[1,2]},[3,4],[5,6]]']) {
    await expect(decode(decodeJson, body, { maxRows: 2 })).rejects.toMatchObject(problem);
    expect(await decode(decodeJson, body, { maxRows: 3 })).toMatchObject({ rows: 3 });
  }
  const flat = decode(decodeJson, "[1,2,3]", { maxRows: 2, columns: 1 });
  await expect(flat).rejects.toMatchObject(problem);
  const decoder = decodeJson({ columns: 2 }, { maxRows: 10 }, "application/json");
  expect(() => decoder.push(Buffer.from(`[${"{},".repeat(100)}`))).toThrow("more than the 10 rows");
});

test("rows that leave out what they like do not fill the memory", async () => {
  const columns = 100_000;
  const wide = Array.from({ length: columns }, (_, index) => `c${index}`);
  const options = { columns, names: wide, acceptsMissing: true };
  const body = `[${'{"c1":1},'.repeat(1000)}{}]`;
  const problem = { status: 413, code: "TOO_MANY_VALUES" };
  await expect(decode(decodeJson, body, options)).rejects.toMatchObject(problem);
});
