import * as fc from "fast-check";
import { expect, test } from "vitest";
import { readRecords } from "./records.ts";
import { sourceOf, sourceOfChunks } from "./testing/source.ts";
import type { Source } from "./source.ts";

/** All records of a source, and the message of the error that ended them, if any. */
const readAll = async (
  source: Source,
): Promise<{ records: (readonly [row: number, ...cells: string[]])[]; error?: string }> => {
  const records: (readonly [number, ...string[]])[] = [];
  try {
    await readRecords(source, (cells, row) => records.push([row, ...cells]));
    return { records };
  } catch (error) {
    return { records, error: String(error) };
  }
};

test("cells are told apart by commas and rows by any line end", async () => {
  expect(await readAll(sourceOf("a,1\nb,2\r\nc,3\rd,4"))).toEqual({
    records: [
      [1, "a", "1"],
      [2, "b", "2"],
      [3, "c", "3"],
      [4, "d", "4"],
    ],
  });
});

test("blank lines are skipped and counted, also at the end", async () => {
  expect(await readAll(sourceOf("\n\r\na,1\n  \t\nb,2\n\n\r\n"))).toEqual({
    records: [
      [3, "a", "1"],
      [5, "b", "2"],
    ],
  });
});

test("a byte order mark is no part of the first cell", async () => {
  expect(await readAll(sourceOf("\uFEFFa,1\n"))).toEqual({ records: [[1, "a", "1"]] });
});

test("quoted cells hold commas, quotes and line ends", async () => {
  expect(await readAll(sourceOf('"a,b", "c ""d""" ,"e\nf"\n'))).toEqual({
    records: [[1, "a,b", 'c "d"', "e\nf"]],
  });
});

test("a row begins where an editor shows it, also after line ends inside quotes", async () => {
  const { records } = await readAll(sourceOf('"a\r\nb",1\r\n\r\n"c\n\nd",2\ne,3\n"f\rg",4\nh,5\n'));
  expect(records.map(([row]) => row)).toEqual([1, 4, 7, 8, 10]);
});

test("what onRecord throws ends the reading and is thrown as it is", async () => {
  const problem = new Error("enough");
  const reading = readRecords(sourceOf("a\nb\nc\n"), (_, row) => {
    if (row === 2) throw problem;
  });
  await expect(reading).rejects.toBe(problem);
});

test("what the source throws is thrown as it is", async () => {
  const problem = new Error("disk");
  const source: Source = {
    name: "a.csv",
    async *stream() {
      yield Buffer.from("a,1\n");
      throw problem;
    },
  };
  await expect(readRecords(source, () => {})).rejects.toBe(problem);
});

test("a source that is left early is closed", async () => {
  let isClosed = false;
  const source: Source = {
    name: "a.csv",
    async *stream() {
      try {
        for (;;) yield Buffer.from("a,1\n");
      } finally {
        isClosed = true;
      }
    },
  };
  const reading = readRecords(source, () => {
    throw new Error("enough");
  });
  await expect(reading).rejects.toThrow("enough");
  expect(isClosed).toBe(true);
});

test("misplaced quotes are told with their row and what to write instead", async () => {
  expect((await readAll(sourceOf('a,1\nb"c,2\n'))).error).toBe(
    'InputError: training/data.csv, row 2, column 1: found a quote inside a cell that does not begin with one; quote the whole cell and double the quotes in it: "a ""b"" c"',
  );
  expect((await readAll(sourceOf('a,1\nb,"2"x\n'))).error).toBe(
    'InputError: training/data.csv, row 2, column 2: expected a comma or the end of the line after the closing quote; double the quotes inside a cell: "a ""b"" c"',
  );
  expect((await readAll(sourceOf('a,1\n"b,2\nc,3\n'))).error).toBe(
    "InputError: training/data.csv, row 2, column 1: a quote that opens here or just below is never closed",
  );
});

test("a row without end is turned down before it fills the memory", async () => {
  const line = Buffer.from(`${"x".repeat(1024 * 1024 - 1)}\n`);
  const source: Source = {
    name: "endless.csv",
    async *stream() {
      yield Buffer.from('a,1\n"');
      for (;;) yield line;
    },
  };
  await expect(readRecords(source, () => {})).rejects.toMatchObject({
    code: "CSV_SYNTAX",
    message: expect.stringContaining("row 2, column 1: the row is longer than 16777216 characters"),
  });
});

const cell = fc.oneof(
  fc.constantFrom("5.1", "-1e3", "é", "😀", "", "a b"),
  fc.string({ unit: fc.constantFrom("a", "é", "😀", ",", '"', "\r", "\n", "5") }),
);
const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;
const chunkBytes = fc.integer({ min: 1, max: 7 });

test("what was written quoted is read back, however the bytes are cut", async () => {
  const table = fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 6 });
  const lineEnd = fc.constantFrom("\n", "\r\n", "\r");
  await fc.assert(
    fc.asyncProperty(table, lineEnd, chunkBytes, fc.boolean(), async (rows, end, bytes, hasBom) => {
      const lines = rows.map((cells) => cells.map(quote).join(",") + end);
      const text = (hasBom ? "\uFEFF" : "") + lines.join("");
      const { records, error } = await readAll(sourceOf(text, { chunkBytes: bytes }));
      expect(error).toBeUndefined();
      expect(records.map(([, ...cells]) => cells)).toEqual(rows);
    }),
  );
});

test("any text gives the same rows and the same error, however its bytes are cut", async () => {
  const unit = fc.constantFrom(
    "a",
    "é",
    "😀",
    ",",
    '"',
    "\r",
    "\n",
    "5",
    " ",
    "\u00A0",
    "\0",
    "\uFEFF",
  );
  await fc.assert(
    fc.asyncProperty(fc.string({ unit, maxLength: 30 }), chunkBytes, async (text, bytes) => {
      const whole = await readAll(sourceOf(text));
      expect(await readAll(sourceOf(text, { chunkBytes: bytes }))).toEqual(whole);
    }),
    { numRuns: 2000 },
  );
});

/** RFC 4180 with any line end and blank lines skipped, on a whole text of well-formed cells, character by character. */
const readPlainly = (text: string): (readonly [row: number, ...cells: string[]])[] => {
  const records: (readonly [number, ...string[]])[] = [];
  let cells: string[] = [];
  let rest = text;
  let row = 1;
  let begin = 1;
  while (rest !== "") {
    const [whole, quoted, plain = "", end = ""] =
      /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/.exec(rest) ?? [""];
    rest = rest.slice(whole.length);
    cells.push(quoted?.replaceAll('""', '"') ?? plain.trim());
    row += quoted?.match(/\r\n|\r|\n/g)?.length ?? 0;
    if (end === "," && rest !== "") continue;
    if (end === ",") cells.push("");
    if (cells.length > 1 || cells[0] !== "" || quoted !== undefined)
      records.push([begin, ...cells]);
    cells = [];
    if (end !== "") row++;
    begin = row;
  }
  return records;
};

test("well-formed text is read as a plain reader does, with the same row numbers", async () => {
  const quoted = fc
    .string({ unit: fc.constantFrom("a", "é", ",", '""', "\r", "\n", "\r\n"), maxLength: 5 })
    .map((text) => `"${text}"`);
  const plain = fc.string({ unit: fc.constantFrom("a", "é", "5", ".", " "), maxLength: 5 });
  const piece = fc.oneof(
    fc.tuple(fc.oneof(quoted, plain), fc.constantFrom(",", "\n", "\r\n", "\r")),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 20 }), chunkBytes, async (pieces, bytes) => {
      const text = pieces.flat().join("");
      const { records, error } = await readAll(sourceOf(text, { chunkBytes: bytes }));
      expect(error).toBeUndefined();
      expect(records).toEqual(readPlainly(text));
    }),
    { numRuns: 1000 },
  );
});

test("empty chunks between others change nothing", async () => {
  const chunks = ["", "a,", "", "1\n", ""].map((text) => Buffer.from(text));
  expect(await readAll(sourceOfChunks(chunks, "a.csv"))).toEqual({ records: [[1, "a", "1"]] });
});
