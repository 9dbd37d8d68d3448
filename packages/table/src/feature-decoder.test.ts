import { InputError } from "@byoc/errors";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { ExpectedColumns } from "./expected-columns.ts";
import { createFeatureDecoder } from "./feature-decoder.ts";
import { readFeatureTable } from "./feature-table.ts";
import { cutAt } from "./testing/cut.ts";
import { sourceOf } from "./testing/source.ts";
import type { FeatureTable } from "./tables.ts";

const decode = (
  body: string | Uint8Array,
  expected: ExpectedColumns = {},
  cuts: readonly number[] = [],
): FeatureTable | Promise<FeatureTable> => {
  const decoder = createFeatureDecoder(expected);
  for (const chunk of cutAt(Buffer.from(body), cuts)) decoder.push(chunk);
  return decoder.finish();
};

/** What was read, bit by bit, or what was wrong with it. */
const describe = async (read: () => FeatureTable | Promise<FeatureTable>): Promise<unknown> => {
  try {
    const { features, featureNames } = await read();
    const bits = Buffer.from(features.values.buffer).toString("hex");
    return { ...features, values: bits, featureNames };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { code: error.code, message: error.message, row: error.row, column: error.column };
  }
};

/** What both readers make of the same bytes. */
const readBoth = async (
  body: string | Uint8Array,
  expected: ExpectedColumns,
  cuts: readonly number[] = [],
): Promise<{ readonly fast: unknown; readonly slow: unknown }> => {
  const source = sourceOf(body, { name: "request body" });
  return {
    fast: await describe(() => decode(body, expected, cuts)),
    slow: await describe(() => readFeatureTable(source, expected)),
  };
};

test.each([
  "5.1,3.5\n1e-3,-2",
  "5.1,3.5\r\n1e-3,-2\r\n",
  "5.1,3.5\r1e-3,-2\r",
  "\uFEFF5.1,3.5\n1e-3,-2\n",
  "\n\n5.1,3.5\n\r\n1e-3,-2\n\n\n",
  "length,width\n5.1,3.5\n1e-3,-2\n",
  '\uFEFF"length"\t,"width" \r\n 5.1 ,\t3.50\r\n0.001,-2e0\r\n',
])("%j is read at once, without waiting for anything", (text) => {
  const table = decode(text);
  expect(table).not.toBeInstanceOf(Promise);
  const { features } = table as FeatureTable;
  expect(features).toEqual({ values: Float64Array.of(5.1, 3.5, 0.001, -2), rows: 2, columns: 2 });
  expect(features.values.buffer.byteLength).toBe(4 * 8);
});

test("the names of a header come with the table", () => {
  expect(decode("a,b\n1,2\n", { featureNames: ["a", "b"] })).toMatchObject({
    featureNames: ["a", "b"],
  });
});

test.each([
  "",
  "\n",
  "\uFEFF",
  "a,b\n",
  "a,b",
  "b,a\n1,2\n",
  "1,2,3\n",
  "1,2\n3\n",
  "1,2\n3,4,\n",
  "1,2\n3,4,",
  "1,2\n,4\n",
  "1,2\n3,abc\n",
  "1,2\n3,0x1F\n",
  "1,2\n3,1e999\n",
  "a,b\n1,2\na,b\n3,4\n",
  'a,b\n"1",2\n',
  '"1","2"\n',
  '"a,b",c\n1,2\n',
  '1,2\n3,"4\n',
  "1,2\n \t\n3,4\n",
  "1,2\n3,\u00A04\n",
  "1,2\u0000\n",
  "a\u0000,b\n1,2\n",
  "PK\u0003\u0004,b\n1,2\n",
  "setosa,1,2\n",
  "1;2\n",
])("%j is what readFeatureTable says of it", async (text) => {
  for (const expected of [{ featureNames: ["a", "b"] }, { columns: 2 }, {}]) {
    const { fast, slow } = await readBoth(text, expected);
    expect(fast).toEqual(slow);
  }
});

test("bytes that are no UTF-8, and other formats, are what readFeatureTable says of them", async () => {
  for (const hex of ["312c32ff0a", "61ff2c620a312c320a", "1f8b08000a", "fffe31000a", "61c3"]) {
    const { fast, slow } = await readBoth(Buffer.from(hex, "hex"), {});
    expect(fast).toEqual(slow);
  }
});

test("missing values are NaN where they are accepted", async () => {
  const acceptsMissing = true;
  for (const text of ["1,\n,NaN\nnan, \n", ",\n1,2\n", " ,nan\n", "a,b\n,1\n", "1,\n\n \n,2\n"]) {
    const table = decode(text, { columns: 2, acceptsMissing });
    expect((await table).features.values.some(Number.isNaN)).toBe(true);
    for (const expected of [{ columns: 2, acceptsMissing }, { columns: 2 }]) {
      const { fast, slow } = await readBoth(text, expected);
      expect(fast).toEqual(slow);
    }
  }
  for (const text of ["NaN\n", "1\n\n2\n", "1\n \n2\n", '1\n""\n2\n', "null\n", "-nan\n"]) {
    const { fast, slow } = await readBoth(text, { columns: 1, acceptsMissing });
    expect(fast).toEqual(slow);
  }
});

test("rows are counted as they come", () => {
  const decoder = createFeatureDecoder({ columns: 2 });
  decoder.push(Buffer.from("1,2\n3,4\n5"));
  expect(decoder.rows).toBe(2);
});

test("a body that is pushed whole, and a cell longer than a chunk, are read too", async () => {
  const many = "1.5,-2\n".repeat(100_000);
  expect((await decode(many)).features.rows).toBe(100_000);
  const long = `1,${"2".repeat(40_000)}.${" ".repeat(200_000)}\n`;
  const wide = `${"1,".repeat(300_000)}2`;
  for (const text of [long, wide]) {
    const { fast, slow } = await readBoth(text, {}, [10, 65_536, 131_072]);
    expect(fast).toEqual(slow);
  }
});

test("a table that was read stays as it is when others are read", async () => {
  const first = await decode("1,2\n");
  await decode("3,4\n");
  expect(first.features.values).toEqual(Float64Array.of(1, 2));
});

const number = fc.oneof(
  { weight: 6, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }).map(String) },
  { weight: 6, arbitrary: fc.integer({ min: -99_999, max: 99_999 }).map((n) => String(n / 1000)) },
  {
    weight: 2,
    arbitrary: fc.string({ unit: fc.constantFrom(..."0123456789+-.eE"), maxLength: 9 }),
  },
);
const oddCell = fc.constantFrom(
  "",
  " ",
  "NaN",
  '"5"',
  '"a,b"',
  "a",
  "0x1",
  "Infinity",
  '"',
  "é",
  "1 ",
);
const cellOf = (oddity: number): fc.Arbitrary<string> =>
  fc.oneof({ weight: 100 - oddity, arbitrary: number }, { weight: oddity, arbitrary: oddCell });

/** CSV that is right, nearly right or wrong. */
const body = fc
  .record({
    start: fc.constantFrom("", "", "", "\uFEFF", "\n", "a,b\n", '"a","b"\r\n', "a,b,c\n", "x\n"),
    columns: fc.integer({ min: 1, max: 4 }),
    end: fc.constantFrom("\n", "\r\n", "\r", "\n\n"),
    oddity: fc.constantFrom(0, 0, 2, 20),
    last: fc.constantFrom("", "\n", ",", " ", "\r\n\r\n", "a,b\n", "1,2,3\n"),
  })
  .chain(({ start, columns, end, oddity, last }) =>
    fc
      .array(fc.array(cellOf(oddity), { minLength: columns, maxLength: columns }), { maxLength: 8 })
      .map((rows) => start + rows.map((cells) => cells.join(",")).join(end) + last),
  );

test("any body, cut anywhere, is read as readFeatureTable reads it: same bits, or same message", async () => {
  const expected = fc.constantFrom<ExpectedColumns>(
    {},
    { columns: 2 },
    { featureNames: ["a", "b"] },
    { acceptsMissing: true },
    { columns: 2, acceptsMissing: true },
  );
  const cuts = fc.array(fc.nat(200), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(body, expected, cuts, async (text, columns, places) => {
      const { fast, slow } = await readBoth(text, columns, places);
      expect(fast).toEqual(slow);
    }),
    { numRuns: 3000 },
  );
});

test("any bytes, put in anywhere, are read as readFeatureTable reads them", async () => {
  const bytes = fc.uint8Array({ maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(body, bytes, fc.nat(100), fc.nat(100), async (text, inserted, at, cut) => {
      const before = Buffer.from(text);
      const mutated = Buffer.concat([before.subarray(0, at), inserted, before.subarray(at + 1)]);
      const { fast, slow } = await readBoth(mutated, { columns: 2 }, [cut]);
      expect(fast).toEqual(slow);
    }),
    { numRuns: 2000 },
  );
});
