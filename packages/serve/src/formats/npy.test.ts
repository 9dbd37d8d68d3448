import { monitorEventLoopDelay } from "node:perf_hooks";
import { expect, test } from "vitest";
import type { ImageInput, Rows } from "../service.ts";
import { npy } from "./npy.ts";
import { MAX_INFLATED_BYTES } from "./npy/decode-archive.ts";
import { decode, type DecodeOptions, findWrongCut, readFixture } from "./testing/decode.ts";

const ROWS = [5.1, 3.5, 1.4, -2, 0.25, 1e-3];

const decodeArray = (body: Uint8Array, options: Partial<DecodeOptions> = {}): Promise<Rows> =>
  decode(body, { format: npy, mediaType: "application/x-npy", input: { columns: 3 }, ...options });

const decodeFixture = async (name: string, options: Partial<DecodeOptions> = {}): Promise<Rows> =>
  decodeArray(await readFixture(`npy/${name}`), {
    mediaType: name.endsWith(".npz") ? "application/x-npz" : "application/x-npy",
    ...options,
  });

const matrix = (values: readonly number[], columns = 3): Rows => ({
  values: new Float64Array(values),
  rows: values.length / columns,
  columns,
});

test.each([
  "float64.npy",
  "float64-fortran.npy",
  "float64-big.npy",
  "float64-v2.npy",
  "float64-v3.npy",
  "stored.npz",
  "deflated.npz",
  "named.npz",
])("%s gives the rows that NumPy saved", async (name) => {
  expect(await decodeFixture(name)).toEqual(matrix(ROWS));
});

test("float32 and float16 give exactly the values that they hold", async () => {
  const float32 = matrix(ROWS.map((value) => Math.fround(value)));
  expect(await decodeFixture("float32.npy")).toEqual(float32);
  expect(await decodeFixture("float32-big-fortran.npy")).toEqual(float32);
  const float16 = [5.1015625, 3.5, 1.400390625, -2, 0.25, 1049 / 2 ** 20];
  expect(await decodeFixture("float16.npy")).toEqual(matrix(float16));
});

const SAFE = Number.MAX_SAFE_INTEGER;
test.each([
  ["int64", [SAFE, -1, 0, -SAFE, 2 ** 40, 7]],
  ["int64-big", [SAFE, -1, 0, -SAFE, 2 ** 40, 7]],
  ["uint64", [SAFE, 1, 0]],
  ["int32", [-(2 ** 31), 2 ** 31 - 1, 0]],
  ["int16", [-(2 ** 15), 2 ** 15 - 1, 0]],
  ["int8", [-128, 127, 0]],
  ["uint32", [0, 2 ** 32 - 1, 1]],
  ["uint16", [0, 2 ** 16 - 1, 1]],
  ["uint8", [0, 255, 1]],
  ["bool", [1, 0, 1]],
])("%s is read at the ends of its range", async (name, values) => {
  expect(await decodeFixture(`${name}.npy`)).toEqual(matrix(values));
});

test("an array of one dimension is one row, or for a model of one column as many rows", async () => {
  expect(await decodeFixture("one-row.npy")).toEqual(matrix(ROWS.slice(0, 3)));
  expect(await decodeFixture("one-row.npy", { input: { columns: 1 } })).toEqual(
    matrix(ROWS.slice(0, 3), 1),
  );
});

test("chunks may be cut anywhere", async () => {
  const names = ["float64.npy", "float64-v2.npy", "float32-big-fortran.npy", "deflated.npz"];
  expect(await findWrongCut(names, decodeFixture)).toBeNull();
});

test.each([
  ["text.npy", { code: "NPY_DTYPE", message: expect.stringContaining('"<U1" (text)') }],
  ["objects.npy", { code: "NPY_DTYPE", message: expect.stringContaining("never read") }],
  ["records.npy", { code: "NPY_DTYPE" }],
  ["uint64-too-large.npy", { code: "NPY_NOT_A_NUMBER", row: 2, column: 2 }],
  ["missing.npy", { code: "NPY_NOT_A_NUMBER", row: 1, column: 2 }],
  ["infinite.npy", { code: "NPY_NOT_A_NUMBER", row: 2, column: 3 }],
  ["cube.npy", { code: "NPY_SHAPE", message: expect.stringContaining("(1, 1, 3)") }],
  ["images.npy", { code: "NPY_SHAPE" }],
  ["unnamed.npz", { code: "NPZ_MEMBER", message: expect.stringContaining('"a" and "b"') }],
])("%s is refused", async (name, error) => {
  await expect(decodeFixture(name)).rejects.toMatchObject({ name: "InputError", ...error });
});

test("a wrong number of columns, no row and too many rows are refused", async () => {
  await expect(decodeFixture("float64.npy", { input: { columns: 4 } })).rejects.toMatchObject({
    code: "NPY_SHAPE",
    message: "expected an array of shape (rows, 4), found (2, 3)",
  });
  await expect(decodeFixture("empty.npy")).rejects.toMatchObject({ code: "BODY_EMPTY" });
  await expect(decodeFixture("float64.npy", { limits: { maxRows: 1 } })).rejects.toMatchObject({
    status: 413,
    code: "TOO_MANY_ROWS",
  });
});

test("NaN is a missing value where the model takes them, infinity never is", async () => {
  const input = { columns: 3, acceptsMissing: true };
  expect(await decodeFixture("missing.npy", { input })).toEqual(matrix([1, NaN, 3]));
  await expect(decodeFixture("infinite.npy", { input })).rejects.toMatchObject({
    code: "NPY_NOT_A_NUMBER",
  });
});

test("every file that is cut off, and one with more behind it, is refused", async () => {
  for (const name of ["float64.npy", "float64-v2.npy", "stored.npz", "deflated.npz"]) {
    const whole = await readFixture(`npy/${name}`);
    const mediaType = name.endsWith(".npz") ? "application/x-npz" : "application/x-npy";
    for (let length = 0; length < whole.length; length += 7) {
      await expect(
        decodeArray(whole.subarray(0, length), { mediaType }),
        `${name} of ${length} bytes`,
      ).rejects.toMatchObject({ name: "InputError" });
    }
  }
  const two = Buffer.concat([await readFixture("npy/float64.npy"), Buffer.of(0)]);
  await expect(decodeArray(two)).rejects.toMatchObject({ code: "NPY_LENGTH" });
});

test("what is no array is named in the error", async () => {
  await expect(decodeArray(Buffer.from("5.1,3.5,1.4\n"))).rejects.toMatchObject({
    code: "NPY_MALFORMED",
    message: expect.stringContaining("5.1,3.5,1.4"),
  });
});

test("an array that claims more than it brings takes no memory for it", async () => {
  const claim = "{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000, 3), }".padEnd(118);
  const body = Buffer.concat([Buffer.from("\x93NUMPY\x01\x00v\x00", "latin1"), Buffer.from(claim)]);
  const before = process.memoryUsage().arrayBuffers;
  await expect(decodeArray(body, { limits: { maxRows: 1e9 } })).rejects.toMatchObject({
    code: "NPY_LENGTH",
  });
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1e6);
});

test("an archive that inflates without end is stopped, and the event loop turns meanwhile", async () => {
  const { zipSync } = await import("fflate");
  const claim = "{'descr': '|u1', 'fortran_order': False, 'shape': (1000000000, 1, 1, 3), }".padEnd(
    118,
  );
  const bomb = new Uint8Array(MAX_INFLATED_BYTES + 1);
  bomb.set(Buffer.from(`\x93NUMPY\x01\x00v\x00${claim}`, "latin1"));
  const archive = Buffer.from(zipSync({ "x.npy": bomb }, { level: 1 }));
  const input: ImageInput = { kind: "images", height: 1, width: 1, channels: 3 };
  const options = { mediaType: "application/x-npz", input, limits: { maxRows: 1e9 } };
  const tooLarge = { status: 413, code: "NPZ_TOO_LARGE" };
  await expect(decodeArray(archive, options)).rejects.toMatchObject(tooLarge);

  // The same with a small length in the directory and before the data.
  archive.writeUInt32LE(1000, archive.indexOf("PK\x01\x02") + 24);
  archive.writeUInt32LE(1000, 22);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await expect(decodeArray(archive, options)).rejects.toMatchObject(tooLarge);
  delay.disable();
  // Many turns, none of them longer than a ping may wait.
  expect(delay.count).toBeGreaterThan(10);
  expect(delay.max / 1e6).toBeLessThan(2000);
});

test("an archive of few bytes that stands for very many numbers is refused before it is inflated", async () => {
  const { zipSync } = await import("fflate");
  const claim = "{'descr': '|u1', 'fortran_order': False, 'shape': (100000000, 3), }".padEnd(118);
  const array = Buffer.from(`\x93NUMPY\x01\x00v\x00${claim}`, "latin1");
  const options = { mediaType: "application/x-npz", limits: { maxRows: 1e9 } };
  await expect(decodeArray(zipSync({ x: array, "x.npy": array }), options)).rejects.toMatchObject({
    status: 413,
    code: "TOO_MANY_VALUES",
  });
});

test("pixels come as they are, and only in the model's size", async () => {
  const input = { kind: "images", height: 2, width: 4, channels: 3 } as const;
  const pixels = Uint8Array.from({ length: 48 }, (_, at) => at);
  const images = { pixels, rows: 2, height: 2, width: 4, channels: 3 };
  expect(await decodeFixture("images.npy", { input })).toEqual(images);
  expect(await decodeFixture("images-fortran.npy", { input })).toEqual(images);
  await expect(decodeFixture("images-float.npy", { input })).rejects.toMatchObject({
    code: "NPY_DTYPE",
    message: expect.stringContaining("255 * x"),
  });
  await expect(
    decodeFixture("images.npy", { input: { ...input, height: 3 } }),
  ).rejects.toMatchObject({ code: "NPY_SHAPE" });
});
