import { isInputError } from "@byoc/errors";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Rows } from "../service.ts";
import { protobuf } from "./protobuf.ts";
import { decode, type DecodeOptions, findWrongCut, readFixture } from "./testing/decode.ts";

const ROWS = [5.1, 3.5, 1.4, -2, 0.25, 1e-3];

const decodeBody = (body: Uint8Array, options: Partial<DecodeOptions> = {}): Promise<Rows> =>
  decode(body, {
    format: protobuf,
    mediaType: "application/x-recordio-protobuf",
    input: { columns: 3 },
    ...options,
  });

const decodeFixture = async (name: string, options: Partial<DecodeOptions> = {}): Promise<Rows> =>
  decodeBody(await readFixture(`records/${name}.pbr`), options);

const matrix = (values: readonly number[]): Rows => ({
  values: new Float64Array(values),
  rows: values.length / 3,
  columns: 3,
});

test.each([
  ["float64-packed", ROWS],
  ["float64-unpacked", ROWS],
  ["float32-packed", ROWS.map((value) => Math.fround(value))],
  ["float32-unpacked", ROWS.map((value) => Math.fround(value))],
  ["int32-packed", [1, -2, 2 ** 31 - 1, -(2 ** 31), 0, 300]],
  ["int32-unpacked", [1, -2, 2 ** 31 - 1, -(2 ** 31), 0, 300]],
  ["only-key", ROWS.slice(0, 3)],
  ["two-keys", ROWS.slice(0, 3)],
  ["sparse", [5.1, 0, 1.4, 0, 0, 0, 0, 0.25, 0]],
])("%s gives the rows that were written", async (name, values) => {
  expect(await decodeFixture(name)).toEqual(matrix(values));
});

test("a record of several parts is joined, with the magic word that was dropped between them", async () => {
  expect(await decodeFixture("parts")).toEqual(matrix(ROWS.slice(0, 3)));
});

test("chunks may be cut anywhere", async () => {
  const names = ["float64-packed", "int32-unpacked", "sparse", "parts"];
  expect(await findWrongCut(names, decodeFixture)).toBeNull();
});

test.each([
  [
    "ragged",
    { code: "PROTOBUF_COLUMN_COUNT", row: 2, message: expect.stringContaining("found 2") },
  ],
  ["sparse-wide", { code: "PROTOBUF_COLUMN_COUNT", row: 1 }],
  ["sparse-outside", { code: "PROTOBUF_COLUMN_COUNT", row: 2 }],
  ["missing", { code: "PROTOBUF_NOT_A_NUMBER", row: 1, column: 2 }],
  ["bytes", { code: "PROTOBUF_MALFORMED", row: 1, message: expect.stringContaining("found none") }],
  ["no-key", { code: "PROTOBUF_MALFORMED", message: expect.stringContaining('"a" and "b"') }],
])("%s is refused, with its row", async (name, error) => {
  await expect(decodeFixture(name)).rejects.toMatchObject({ name: "InputError", ...error });
});

test("NaN is a missing value where the model takes them", async () => {
  const input = { columns: 3, acceptsMissing: true };
  expect(await decodeFixture("missing", { input })).toEqual(matrix([1, NaN, 3]));
});

test("a body that is cut off anywhere but between records is refused", async () => {
  for (const name of ["float64-packed", "parts"]) {
    const whole = await readFixture(`records/${name}.pbr`);
    let good = 0;
    for (let length = 1; length < whole.length; length++) {
      const rows = await decodeBody(whole.subarray(0, length)).catch((error: unknown) => error);
      if ("values" in (rows as object)) good += 1;
      else expect(rows, `${name} of ${length} bytes`).toMatchObject({ name: "InputError" });
    }
    expect(good).toBe(name === "parts" ? 0 : 1);
  }
});

test("no row, too many rows and a body without frames are refused", async () => {
  await expect(decodeBody(Buffer.of())).rejects.toMatchObject({ code: "BODY_EMPTY" });
  await expect(decodeFixture("ragged", { limits: { maxRows: 1 } })).rejects.toMatchObject({
    status: 413,
    code: "TOO_MANY_ROWS",
  });
  await expect(decodeBody(Buffer.from("5.1,3.5,1.4\n"))).rejects.toMatchObject({
    code: "RECORDIO",
    row: 1,
  });
});

test("empty sparse rows of very many columns are bounded", async () => {
  const one = Buffer.from("0a23d7ce0c000000", "hex");
  // features { "values": float64_tensor { } }, shape: one empty sparse row of 2^20 columns.
  const record = Buffer.from("0a110a0676616c75657312071a051a03808040", "hex");
  one.writeUInt32LE(record.length, 4);
  const frame = Buffer.concat([one, record, Buffer.alloc(-record.length & 3)]);
  const input = { columns: 2 ** 20 };
  expect(await decodeBody(frame, { input })).toMatchObject({ rows: 1, columns: 2 ** 20 });
  const body = Buffer.concat(Array.from({ length: 33 }, () => frame));
  await expect(decodeBody(body, { input })).rejects.toMatchObject({
    status: 413,
    code: "TOO_MANY_VALUES",
  });
});

test("a byte that changed is read as something else or refused, and never a bug", async () => {
  const whole = await readFixture("records/sparse.pbr");
  const places = fc.nat({ max: whole.length - 1 });
  const changes = fc.array(fc.tuple(places, fc.nat({ max: 255 })), { minLength: 1, maxLength: 4 });
  const property = fc.asyncProperty(changes, async (changed) => {
    const body = Buffer.from(whole);
    for (const [place, value] of changed) body[place] = value;
    const result = await decodeBody(body).catch((error: unknown) => error);
    return "values" in (result as object) || isInputError(result);
  });
  const { failed, counterexample } = await fc.check(property, { numRuns: 500 });
  expect(failed, String(counterexample)).toBe(false);
});
