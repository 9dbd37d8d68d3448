import type { Matrix } from "@byoc/table";
import { expect, test } from "vitest";
import { decodeJsonLines } from "./json-lines.ts";

const decode = (text: string): Promise<Matrix> =>
  decodeJsonLines(
    (async function* () {
      yield Buffer.from(text);
    })(),
    { columns: 2 },
  );

test("each line is a row, as an array or as features", async () => {
  expect(await decode('[1, 2]\r\n\n{"features": [3, 4]}\n')).toEqual({
    values: new Float64Array([1, 2, 3, 4]),
    rows: 2,
    columns: 2,
  });
});

test("a problem names its line, blank lines counted", async () => {
  await expect(decode("[1, 2]\n\n[3,")).rejects.toMatchObject({ code: "JSON_MALFORMED", row: 3 });
  await expect(decode('[1, 2]\n\n[3, "x"]')).rejects.toMatchObject({
    code: "JSON_NOT_A_NUMBER",
    message: 'row 3, column 2: expected a number, found "x"',
  });
  await expect(decode("[1]")).rejects.toMatchObject({ code: "JSON_COLUMN_COUNT", row: 1 });
  await expect(decode("7")).rejects.toMatchObject({ code: "JSON_SHAPE", row: 1 });
});

test("blank lines alone are an empty body", async () => {
  await expect(decode("\n \n")).rejects.toMatchObject({ code: "BODY_EMPTY" });
});
