import type { Matrix } from "@byoc/table";
import { expect, test } from "vitest";
import { decodeCsv } from "./csv.ts";

const decode = (text: string, names?: readonly string[]): Promise<Matrix> =>
  decodeCsv(
    (async function* () {
      yield Buffer.from(text);
    })(),
    { columns: 2, names },
  );

const TWO_ROWS: Matrix = { values: new Float64Array([5.1, 3.5, 0.001, -2]), rows: 2, columns: 2 };

test("rows of numbers are read with or without a header, a last newline, CRLF, quotes and blanks", async () => {
  expect(await decode("5.1,3.5\n1e-3,-2")).toEqual(TWO_ROWS);
  expect(await decode('length,width\r\n"5.1", 3.5\r\n1e-3,-2\r\n', ["length", "width"])).toEqual(
    TWO_ROWS,
  );
});

test("a problem names its row and column", async () => {
  await expect(decode("5.1,3.5\n1e-3,abc\n")).rejects.toMatchObject({
    name: "InputError",
    row: 2,
    column: 2,
  });
});

test("a wrong number of columns, or other names than the model's, are refused", async () => {
  await expect(decode("5.1,3.5\n1,2,3\n")).rejects.toMatchObject({ name: "InputError", row: 2 });
  await expect(decode("1,2,3\n")).rejects.toMatchObject({ name: "InputError", row: 1 });
  await expect(decode("width,length\n5.1,3.5\n", ["length", "width"])).rejects.toMatchObject({
    name: "InputError",
    row: 1,
  });
});

test("a header without a row is refused", async () => {
  await expect(decode("length,width\n")).rejects.toMatchObject({ name: "InputError" });
});
