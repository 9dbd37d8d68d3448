import { expect, test } from "vitest";
import { decodeCsv } from "./csv.ts";
import { decode } from "./testing/decode.ts";

const TWO_ROWS = { values: new Float64Array([5.1, 3.5, 0.001, -2]), rows: 2, columns: 2 };

test("rows of numbers are read with or without a header, a last newline, CRLF, quotes and blanks", async () => {
  expect(await decode(decodeCsv, "5.1,3.5\n1e-3,-2")).toEqual(TWO_ROWS);
  const text = 'length,width\r\n"5.1", 3.5\r\n1e-3,-2\r\n';
  expect(await decode(decodeCsv, text, { names: ["length", "width"] })).toEqual(TWO_ROWS);
});

test("plain rows are there at once", () => {
  const decoder = decodeCsv({ columns: 2 }, { maxRows: 2 }, "text/csv");
  decoder.push(Buffer.from("5.1,3.5\n1e-3,-2\n"));
  expect(decoder.finish()).toEqual(TWO_ROWS);
});

test("a problem names its row and column", async () => {
  await expect(decode(decodeCsv, "5.1,3.5\n1e-3,abc\n")).rejects.toMatchObject({
    name: "InputError",
    row: 2,
    column: 2,
  });
});

test("a wrong number of columns, or other names than the model's, are refused", async () => {
  const names = ["length", "width"];
  await expect(decode(decodeCsv, "5.1,3.5\n1,2,3\n")).rejects.toMatchObject({ row: 2 });
  await expect(decode(decodeCsv, "1,2,3\n")).rejects.toMatchObject({ row: 1 });
  await expect(decode(decodeCsv, "width,length\n5.1,3.5\n", { names })).rejects.toMatchObject({
    code: "CSV_HEADER",
    row: 1,
  });
});

test("missing values are NaN for a model that takes them", async () => {
  const rows = decode(decodeCsv, "1,\nnan,2\n", { acceptsMissing: true });
  expect(await rows).toMatchObject({ values: new Float64Array([1, NaN, NaN, 2]) });
  await expect(decode(decodeCsv, "1,\n")).rejects.toMatchObject({ row: 1, column: 2 });
});

test("more rows than a request may have are refused as soon as they are seen", async () => {
  const decoder = decodeCsv({ columns: 2 }, { maxRows: 2 }, "text/csv");
  expect(() => decoder.push(Buffer.from("1,2\n3,4\n5,6\n7"))).toThrow("more than the 2 rows");
  for (const text of ["1,2\n3,4\n5,6", '1,2\n"3",4\n5,6\n']) {
    const problem = { status: 413, code: "TOO_MANY_ROWS" };
    await expect(decode(decodeCsv, text, { maxRows: 2 })).rejects.toMatchObject(problem);
    expect(await decode(decodeCsv, text, { maxRows: 3 })).toMatchObject({ rows: 3 });
  }
});
