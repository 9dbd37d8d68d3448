import { expect, test } from "vitest";
import { decodeJsonLines } from "./json-lines.ts";
import { decode } from "./testing/decode.ts";

const MATRIX = { values: new Float64Array([1, 2, 3, 4]), rows: 2, columns: 2 };

test.each([
  "[1, 2]\n[3, 4]",
  '\uFEFF[1, 2]\r\n\n {"features": [3, 4]}\n',
  "\n \t\r\n[1.0,2e0]\n\u00A0\n [ 3 , 4 ] \r\n\n",
])("each line of %j is a row", async (text) => {
  expect(await decode(decodeJsonLines, text)).toEqual(MATRIX);
  const cuts = Array.from(Buffer.from(text).keys());
  expect(await decode(decodeJsonLines, text, { cuts })).toEqual(MATRIX);
});

test("a line is an object by feature name for a model that has names", async () => {
  const text = '{"width": 2, "length": 1}\n[3, 4]\n';
  expect(await decode(decodeJsonLines, text, { names: ["length", "width"] })).toEqual(MATRIX);
});

test("null is a missing value for a model that takes them", async () => {
  const rows = decode(decodeJsonLines, "[null, 2]\n", { acceptsMissing: true });
  expect(await rows).toMatchObject({ values: new Float64Array([NaN, 2]) });
});

test("a problem names its line, blank lines counted", async () => {
  await expect(decode(decodeJsonLines, "[1, 2]\n\n[3,")).rejects.toMatchObject({
    code: "JSON_MALFORMED",
    row: 3,
  });
  await expect(decode(decodeJsonLines, '[1, 2]\n\n[3, "x"]')).rejects.toMatchObject({
    code: "JSON_NOT_A_NUMBER",
    message: 'row 3, column 2: expected a number, found "x"',
  });
});

test.each([
  ["[1]", "JSON_COLUMN_COUNT"],
  ["7", "JSON_SHAPE"],
  ["[1, 2] [3, 4]", "JSON_MALFORMED"],
  ["[1,\n2]", "JSON_MALFORMED"],
  ["[01, 2]", "JSON_MALFORMED"],
  ["[1, 2]\n\uFEFF[3, 4]", "JSON_MALFORMED"],
  ["[".repeat(100), "JSON_TOO_DEEP"],
  ["\n \n", "BODY_EMPTY"],
])("%j is answered with %s", async (text, code) => {
  await expect(decode(decodeJsonLines, text)).rejects.toMatchObject({ code });
});

test("a problem is told as soon as its line has come", () => {
  const decoder = decodeJsonLines({ columns: 2 }, { maxRows: 10 }, "application/jsonlines");
  decoder.push(Buffer.from("[1, 2]\n[3, x"));
  expect(() => decoder.push(Buffer.from("]\n"))).toThrow("row 2: not valid JSON");
});

test("more rows than a request may have are a 413", async () => {
  await expect(decode(decodeJsonLines, "[1,2]\n[3,4]", { maxRows: 1 })).rejects.toMatchObject({
    status: 413,
    code: "TOO_MANY_ROWS",
  });
});

test("plain lines and others in turn, of few bytes and many columns, all have room", async () => {
  const names = Array.from({ length: 50 }, (_, index) => `c${index}`);
  const plain = `[${names.map(() => "7").join(",")}]\n`;
  const text = `{"c1":1}\n${plain}`.repeat(500);
  const rows = await decode(decodeJsonLines, text, { columns: 50, names, acceptsMissing: true });
  expect(rows).toMatchObject({ rows: 1000 });
  expect("values" in rows && rows.values.filter((value) => value === 7)).toHaveLength(500 * 50);
});
