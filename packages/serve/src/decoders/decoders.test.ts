import { readFeatureTable } from "@byoc/table";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { FeatureInput } from "../service.ts";
import { decodeCsv } from "./csv.ts";
import { decodeBytes, DECODERS } from "./index.ts";
import { decodeJsonLines } from "./json-lines.ts";
import { decodeJson } from "./json.ts";
import { decode, describeOutcome } from "./testing/decode.ts";
import { JSON_SHELLS, referenceJson, referenceJsonLines } from "./testing/reference.ts";

const TOKENS = [
  ..."[]{},:.+-eE019 \t\n\r",
  "null",
  "NaN",
  "1e999",
  '"x"',
  "true",
  '"features"',
  "\uFEFF",
];

const cell = fc.oneof(
  { weight: 20, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }).map(String) },
  { weight: 20, arbitrary: fc.integer({ min: -9999, max: 9999 }).map((n) => String(n / 100)) },
  {
    weight: 2,
    arbitrary: fc.constantFrom("-0", "1E+2", "01", ".5", "5.", "+1", ...TOKENS.slice(-8)),
  },
);
const input = fc.record({
  columns: fc.integer({ min: 1, max: 3 }),
  acceptsMissing: fc.boolean(),
});
const blank = fc.constantFrom("", "", "", " ", "\n", "\t\r\n");

/** Rows of an input with little that is wrong. */
const rowsOf = ({ columns }: FeatureInput): fc.Arbitrary<string[][]> =>
  fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), { maxLength: 6 });

const jsonBody = (declared: FeatureInput): fc.Arbitrary<string> =>
  fc
    .record({
      rows: rowsOf(declared),
      gap: blank,
      isNamed: fc.integer({ max: 9 }).map((n) => n === 0),
      shell: fc.constantFrom(...JSON_SHELLS),
    })
    .map(({ rows, gap, isNamed, shell }) => {
      const texts = rows.map((cells) => `[${cells.join(`,${gap}`)}]`);
      const items = texts.map((text) => (isNamed ? `{"features":${text}}` : text));
      return shell.replace("R", `[${gap}${items.join(`${gap},`)}]${gap}`);
    });

const linesBody = (declared: FeatureInput): fc.Arbitrary<string> =>
  fc
    .record({ rows: rowsOf(declared), gap: blank, end: fc.constantFrom("\n", "\r\n", "\n\n") })
    .map(({ rows, gap, end }) => rows.map((cells) => `${gap}[${cells.join(`,${gap}`)}]`).join(end));

const csvBody = (declared: FeatureInput): fc.Arbitrary<string> =>
  rowsOf(declared).map((rows) => rows.map((cells) => cells.join(",")).join("\n"));

const edit = fc.record({
  at: fc.nat(120),
  removed: fc.integer({ min: 0, max: 2 }),
  added: fc.oneof(fc.constantFrom("", ...TOKENS).map(Buffer.from), fc.uint8Array({ maxLength: 2 })),
});
const edits = fc.oneof(fc.constant([]), fc.array(edit, { maxLength: 2 }));
const cuts = fc.array(fc.nat(120), { maxLength: 5 });

const applyEdits = (
  text: string,
  changes: readonly { at: number; removed: number; added: Uint8Array }[],
): Uint8Array => {
  let bytes: Uint8Array = Buffer.from(text);
  for (const { at, removed, added } of changes) {
    bytes = Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at + removed)]);
  }
  return bytes;
};

/** A body with its input, right or nearly right, cut anywhere. */
const caseOf = (
  bodyOf: (declared: FeatureInput) => fc.Arbitrary<string>,
): fc.Arbitrary<{ declared: FeatureInput; bytes: Uint8Array; places: readonly number[] }> =>
  input.chain((declared) =>
    fc
      .tuple(bodyOf(declared), edits, cuts)
      .map(([text, changes, places]) => ({ declared, bytes: applyEdits(text, changes), places })),
  );

test("any JSON body, cut anywhere, is read bit by bit as JSON.parse reads it, or wrong in the same place", async () => {
  await fc.assert(
    fc.asyncProperty(caseOf(jsonBody), async ({ declared, bytes, places }) => {
      const options = { ...declared, cuts: places };
      const outcome = await describeOutcome(() => decode(decodeJson, bytes, options));
      expect(outcome).toEqual(referenceJson(bytes, declared));
    }),
    { numRuns: 5000 },
  );
});

test("any JSON Lines body, cut anywhere, is read as JSON.parse reads its lines, or wrong in the same place", async () => {
  await fc.assert(
    fc.asyncProperty(caseOf(linesBody), async ({ declared, bytes, places }) => {
      const options = { ...declared, cuts: places };
      const outcome = await describeOutcome(() => decode(decodeJsonLines, bytes, options));
      expect(outcome).toEqual(referenceJsonLines(bytes, declared));
    }),
    { numRuns: 5000 },
  );
});

test("any CSV body, cut anywhere, is read as the CSV reader of training reads it, or wrong in the same place", async () => {
  await fc.assert(
    fc.asyncProperty(caseOf(csvBody), async ({ declared, bytes, places }) => {
      const options = { ...declared, cuts: places };
      const outcome = await describeOutcome(() => decode(decodeCsv, bytes, options));
      const stream = async function* (): AsyncGenerator<Uint8Array> {
        yield bytes;
      };
      const source = { name: "request body", stream };
      const reading = async () => (await readFeatureTable(source, declared)).features;
      expect(outcome).toEqual(await describeOutcome(reading));
    }),
    { numRuns: 2000 },
  );
});

test("every built-in decoder refuses a body without a row, and never a model of one column and one row", async () => {
  for (const [mediaType, factory] of DECODERS) {
    const outcome = await describeOutcome(() => decode(factory, "\n"));
    expect(outcome, mediaType).toHaveProperty("code", expect.stringMatching(/EMPTY|MALFORMED/));
  }
});

test("a decoder of rows is a bug for a model that takes something else", () => {
  for (const factory of DECODERS.values()) {
    expect(() => factory({ kind: "bytes" }, { maxRows: 1 }, "text/csv")).toThrow(TypeError);
  }
});

test("raw bytes are handed on as they came, as one row", async () => {
  const body = Buffer.from([0, 255, 10, 13]);
  const cutOptions = { cuts: [1, 2] };
  const raw = { bytes: Uint8Array.from(body), contentType: "application/x", rows: 1 };
  expect(await decode(decodeBytes, body)).toEqual(raw);
  expect(await decode(decodeBytes, body, cutOptions)).toEqual({ ...raw, bytes: body });
});
