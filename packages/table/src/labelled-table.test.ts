import * as fc from "fast-check";
import { expect, test } from "vitest";
import { readLabelledTable } from "./labelled-table.ts";
import { sourceOf } from "./testing/source.ts";

/** Reads texts as the files training/1.csv, training/2.csv, … */
const read = (...texts: string[]): ReturnType<typeof readLabelledTable> =>
  readLabelledTable(
    texts.map((text, index) => sourceOf(text, { name: `training/${index + 1}.csv` })),
  );

/** The code and the message of the error with which reading these texts ends. */
const fail = async (...texts: string[]): Promise<string> => {
  const error: unknown = await read(...texts).catch((reason: unknown) => reason);
  const { code, message } = error as { code: string; message: string };
  return `${code} ${message}`;
};

test("the first column is the label, the others are the features", async () => {
  expect(await read("setosa,5.1,3.5\nvirginica,6.3,3.3\n")).toEqual({
    features: { values: Float64Array.of(5.1, 3.5, 6.3, 3.3), rows: 2, columns: 2 },
    labels: ["setosa", "virginica"],
    featureNames: undefined,
  });
});

test("several sources make one table, empty ones add nothing", async () => {
  const { features, labels } = await read("a,1\n", "", "b,2", "\n");
  expect(labels).toEqual(["a", "b"]);
  expect(features).toEqual({ values: Float64Array.of(1, 2), rows: 2, columns: 1 });
});

test("labels are text, kept as written apart from surrounding blanks", async () => {
  const { labels } = await read('1.0,1\n 1 ,2\n" été, ",3\nNaN,4\n');
  expect(labels).toEqual(["1.0", "1", "été,", "NaN"]);
});

test("a first row without numbers is a header, and later repetitions are skipped", async () => {
  const { features, featureNames, labels } = await read(
    'species, length ,"width"\na,1,2\nspecies,length,width\nb,3,4\n',
    "species,length,width\nc,5,6\n",
    "d,7,8\n",
  );
  expect(featureNames).toEqual(["length", "width"]);
  expect(labels).toEqual(["a", "b", "c", "d"]);
  expect(features.values).toEqual(Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8));
});

test("a failed attempt at a number is never a header", async () => {
  for (const cell of ["NaN", "0x1F", "1_000", '"1,5"', "1e999", "-inf", "5.1;3.5"]) {
    expect(await fail(`a,${cell}\nb,2\n`)).toMatch(
      /^CSV_NOT_A_NUMBER training\/1.csv, row 1, column 2/,
    );
  }
});

test("a first row with some numbers names the offending cell and the header rule", async () => {
  expect(await fail("species,5.1,width\n")).toBe(
    'CSV_NOT_A_NUMBER training/1.csv, row 1, column 3: expected a number, found "width"; a first row is a header only if none of its feature cells is a number',
  );
});

test("headers must be the same in all files, or be in none", async () => {
  expect(await fail("s,length,width\na,1,2\n", "s,width,length\na,1,2\n")).toBe(
    'CSV_HEADER training/2.csv, row 1, column 2: the columns are in another order: expected "length" here, found "width"; the columns of training/1.csv are length and width',
  );
  expect(await fail("s,length,width\na,1,2\n", "s,length,height\na,1,2\n")).toBe(
    'CSV_HEADER training/2.csv, row 1, column 3: the header differs: expected "width" here, found "height"; the columns of training/1.csv are length and width',
  );
  expect(await fail("a,1,2\n", "s,length,width\na,1,2\n")).toBe(
    "CSV_HEADER training/2.csv, row 1: this file has a header, training/1.csv has none; give every file the same, or none",
  );
});

test("the names of a header are neither empty nor given twice", async () => {
  expect(await fail("species,length,\na,1,2\n")).toBe(
    "CSV_HEADER training/1.csv, row 1, column 3: found an empty cell in a row without numbers, which is taken for a header; name the column, or remove the row",
  );
  expect(await fail("species,length,length \na,1,2\n")).toBe(
    'CSV_HEADER training/1.csv, row 1, column 3: the header names "length" twice, first in column 2',
  );
});

test("an empty label is told with its row", async () => {
  expect(await fail("a,1\n\n ,2\n")).toBe(
    "CSV_LABEL training/1.csv, row 3, column 1: expected the label of the row in the first column, found an empty cell",
  );
});

test("a cell that is no number is told with its place, its text and the likely cause", async () => {
  const cases: [cell: string, found: string][] = [
    ["abc", '"abc"'],
    ["", "an empty cell (a missing value? remove the row, or fill the cell)"],
    ["NA", '"NA" (a missing value? remove the row, or fill the cell)'],
    ['"5,1"', '"5,1" (decimal comma? use a point)'],
    ['"1,234.5"', '"1,234.5" (thousands separators? remove them)'],
    ["1_000", '"1_000" (thousands separators? remove them)'],
    ["5.1;3.5", '"5.1;3.5" (the delimiter is ; - expected a comma)'],
    ["5.1\t3.5", String.raw`"5.1\t3.5" (the delimiter is a tab - expected a comma)`],
    ["5.1 3.5", '"5.1 3.5" (the delimiter is a blank - expected a comma)'],
    ["[5.1", '"[5.1" (JSON? expected CSV)'],
    ["12%", '"12%" (a percent sign? write the number alone)'],
    ["−5", '"−5" (a typographic minus? use a hyphen (-))'],
    ["inf", '"inf" (numbers must be finite)'],
    ["1e999", '"1e999" (too large for a 64-bit number, which ends at 1.8e308)'],
    ["0x1F", '"0x1F" (only decimal notation is read)'],
  ];
  for (const [cell, found] of cases) {
    expect(await fail(`a,1\nb,${cell}\n`)).toBe(
      `CSV_NOT_A_NUMBER training/1.csv, row 2, column 2: expected a number, found ${found}`,
    );
  }
});

test("a row of another length is told with what was expected and found", async () => {
  expect(await fail("a,1,2\nb,3\n")).toBe(
    "CSV_RAGGED training/1.csv, row 2: expected 3 columns as in row 1, found 2",
  );
  expect(await fail("a,1,2\n", "\nb,3,4,\n")).toBe(
    "CSV_RAGGED training/2.csv, row 2: expected 3 columns as in row 1 of training/1.csv, found 4 (a comma at the end of the line?)",
  );
});

test("one column alone leaves no features", async () => {
  expect(await fail("setosa;5.1;3.5\n")).toBe(
    "CSV_COLUMNS training/1.csv, row 1: expected the label in the first column and features after it, found 1 column (the delimiter is ; - expected a comma)",
  );
});

test("no data rows is an error that names the files", async () => {
  expect(await fail()).toBe("CSV_EMPTY no data rows");
  expect(await fail("")).toBe("CSV_EMPTY training/1.csv: no data rows");
  expect(await fail("\n", "")).toBe("CSV_EMPTY no data rows in training/1.csv and training/2.csv");
  expect(await fail("setosa,length;width\n")).toBe(
    "CSV_EMPTY training/1.csv: no data rows; a row is taken for a header if none of its feature cells is a number (the delimiter is ; - expected a comma)",
  );
});

test("a table of any doubles comes back bit for bit, however its bytes are cut", async () => {
  const row = fc.tuple(
    fc.constantFrom("setosa", "été", "花", 'a "b", c', "1"),
    fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 3, maxLength: 3 }),
  );
  const layout = fc.record({
    header: fc.boolean(),
    lineEnd: fc.constantFrom("\n", "\r\n", "\r", "\n\n"),
    padding: fc.constantFrom("", " ", "\t"),
    chunkBytes: fc.integer({ min: 1, max: 50 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1 }), layout, async (rows, { header, ...how }) => {
      const lines = rows.map(([label, values]) => {
        const cells = values.map((value) => (Object.is(value, -0) ? "-0" : String(value)));
        return [`"${label.replaceAll('"', '""')}"`, ...cells].join(`${how.padding},${how.padding}`);
      });
      const text = [...(header ? ["label,x,y,z"] : []), ...lines].join(how.lineEnd);
      expect(await readLabelledTable([sourceOf(text, { chunkBytes: how.chunkBytes })])).toEqual({
        features: {
          values: Float64Array.from(rows.flatMap(([, values]) => values)),
          rows: rows.length,
          columns: 3,
        },
        labels: rows.map(([label]) => label),
        featureNames: header ? ["x", "y", "z"] : undefined,
      });
    }),
  );
});

test("more values than the first array holds make it grow", async () => {
  const rows = 5000;
  const { features } = await read(
    Array.from({ length: rows }, (_, row) => `a,${row},${-row}`).join("\n"),
  );
  expect(features.rows).toBe(rows);
  expect(features.values).toHaveLength(2 * rows);
  expect(features.values.at(-1)).toBe(1 - rows);
});
