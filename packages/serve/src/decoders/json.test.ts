import { isInputError } from "@byoc/errors";
import type { Matrix } from "@byoc/table";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isInvocationError } from "../invocation-error.ts";
import { decodeJson } from "./json.ts";

async function* toBody(text: string, chunkBytes = Infinity): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let start = 0; start < bytes.length; start += chunkBytes) {
    yield bytes.subarray(start, start + chunkBytes);
  }
}

const decode = (text: string, columns = 2): Promise<Matrix> =>
  decodeJson(toBody(text), { columns });

test.each([
  '{"instances": [[1, 2], [3, 4]]}',
  '{"instances": [{"features": [1, 2]}, {"features": [3, 4]}], "parameters": {}}',
  "[[1, 2], [3, 4]]",
  '[{"features": [1, 2]}, [3, 4]]',
  "\uFEFF [[1e0, 2.0], [30e-1, 4]] \r\n",
])("%s is two rows", async (text) => {
  expect(await decode(text)).toEqual({
    values: new Float64Array([1, 2, 3, 4]),
    rows: 2,
    columns: 2,
  });
});

test.each(["[1, -2]", '{"instances": [1, -2]}', '{"features": [1, -2]}', "[[1, -2]]"])(
  "%s is one row",
  async (text) => {
    expect(await decode(text)).toEqual({ values: new Float64Array([1, -2]), rows: 1, columns: 2 });
  },
);

test.each([
  ['{"instances": ', "JSON_MALFORMED", undefined, undefined],
  ["{'instances': 1}", "JSON_MALFORMED", undefined, undefined],
  ["[[1, NaN]]", "JSON_MALFORMED", undefined, undefined],
  ['{"data": [[1, 2]]}', "JSON_SHAPE", undefined, undefined],
  ['{"instances": {}}', "JSON_SHAPE", undefined, undefined],
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
])("%s is answered with %s at row %s, column %s", async (text, code, row, column) => {
  const problem = await decode(text).catch((error: unknown) => error);
  expect(problem).toMatchObject({ name: "InputError", code });
  expect(problem).toHaveProperty("message", expect.stringMatching(/found|not valid JSON/));
  expect(isInputError(problem) && [problem.row, problem.column]).toEqual([row, column]);
});

test("no row at all is an empty body", async () => {
  await expect(decode("[]")).rejects.toMatchObject({ code: "BODY_EMPTY", status: 400 });
  await expect(decode('{"instances": []}')).rejects.toMatchObject({ code: "BODY_EMPTY" });
});

test("bytes that are not UTF-8 are refused, also when the text is cut inside a character", async () => {
  const latin1 = (async function* () {
    yield new Uint8Array([0x22, 0xe9, 0x22]);
  })();
  await expect(decodeJson(latin1, { columns: 1 })).rejects.toMatchObject({ code: "BODY_NOT_UTF8" });
  const cut = (async function* () {
    yield new Uint8Array([0x22, 0xc3]);
  })();
  await expect(decodeJson(cut, { columns: 1 })).rejects.toMatchObject({ code: "BODY_NOT_UTF8" });
});

test("a body nested a million levels deep is refused, not a crash", async () => {
  const deep = `${"[".repeat(1_000_000)}${"]".repeat(1_000_000)}`;
  await expect(decode(deep)).rejects.toMatchObject({ name: "InputError" });
});

test("any matrix comes back bit by bit, however it is cut into chunks", async () => {
  const double = fc.double({ noNaN: true, noDefaultInfinity: true });
  await fc.assert(
    fc.asyncProperty(
      fc
        .integer({ min: 1, max: 5 })
        .chain((columns) =>
          fc.array(fc.array(double, { minLength: columns, maxLength: columns }), { minLength: 1 }),
        ),
      fc.integer({ min: 1, max: 7 }),
      async (rows, chunkBytes) => {
        const text = JSON.stringify({ instances: rows });
        const columns = rows[0]?.length ?? 0;
        const { values } = await decodeJson(toBody(text, chunkBytes), { columns });
        const parsed = (JSON.parse(text) as { instances: number[][] }).instances;
        expect(values).toEqual(new Float64Array(parsed.flat()));
      },
    ),
  );
});

test("any JSON value, and any text, is rows or an error that the client is told", async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.json(), fc.string()), async (text) => {
      const result = await decode(text).catch((error: unknown) => error);
      const isTold = isInputError(result) || isInvocationError(result);
      expect(isTold || (result as Matrix).columns === 2).toBe(true);
    }),
  );
});
