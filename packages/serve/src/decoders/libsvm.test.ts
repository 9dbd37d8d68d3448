import { expect, test } from "vitest";
import { decodeLibsvm } from "./libsvm.ts";
import { decode } from "./testing/decode.ts";

test("indices are columns from 0, and what is left out is 0", async () => {
  const text = "# iris\n1 0:5.1 2:1.4\r\n\n-1\n2:3e0\t1:-2 # the last row";
  const values = new Float64Array([5.1, 0, 1.4, 0, 0, 0, 0, -2, 3]);
  const cuts = Array.from(Buffer.from(text).keys());
  for (const options of [{}, { cuts }]) {
    const rows = await decode(decodeLibsvm, text, { columns: 3, ...options });
    expect(rows).toEqual({ values, rows: 3, columns: 3 });
  }
});

test("NaN is a missing value for a model that takes them", async () => {
  const rows = decode(decodeLibsvm, "0:nan", { acceptsMissing: true });
  expect(await rows).toMatchObject({ values: new Float64Array([NaN, 0]) });
});

test.each([
  ["\n# nothing\n", "BODY_EMPTY", undefined, undefined, "no row"],
  ["0:1\n1:1 2:1", "LIBSVM_INDEX", 2, undefined, "count from 1?"],
  ["0:1 99:1", "LIBSVM_INDEX", 1, undefined, "from 0 to 1, found 99"],
  ["0:1 0:2", "LIBSVM_INDEX", 1, 1, "twice"],
  ["1 2", "LIBSVM_SYNTAX", 1, undefined, 'found "2"'],
  ["3 qid:1 0:1", "LIBSVM_SYNTAX", 1, undefined, "leave qid out"],
  ["-1:5", "LIBSVM_SYNTAX", 1, undefined, "-1:5"],
  ["1:abc", "LIBSVM_NOT_A_NUMBER", 1, 2, '"abc"'],
  ["1:", "LIBSVM_NOT_A_NUMBER", 1, 2, '""'],
  ["1:nan", "LIBSVM_NOT_A_NUMBER", 1, 2, "nan"],
])("%j is answered with %s", async (text, code, row, column, found) => {
  const message = expect.stringContaining(found) as string;
  await expect(decode(decodeLibsvm, text)).rejects.toMatchObject({ code, row, column, message });
});

test("rows and values are bounded", async () => {
  await expect(decode(decodeLibsvm, "0:1\n0:1", { maxRows: 1 })).rejects.toMatchObject({
    code: "TOO_MANY_ROWS",
  });
  await expect(
    decode(decodeLibsvm, "0\n".repeat(1000), { columns: 100_000 }),
  ).rejects.toMatchObject({
    code: "TOO_MANY_VALUES",
  });
});
