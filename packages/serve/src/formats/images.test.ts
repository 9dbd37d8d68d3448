import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { ImageInput, Images, Rows } from "../service.ts";
import { createImages, images } from "./images.ts";
import { decode, type DecodeOptions, readFixture } from "./testing/decode.ts";

const WIDTH = 13;
const HEIGHT = 9;
const INPUT: ImageInput = { kind: "images", width: WIDTH, height: HEIGHT, channels: 3 };

const decodeImage = (body: Uint8Array, options: Partial<DecodeOptions> = {}): Promise<Rows> =>
  decode(body, { format: images, mediaType: "application/x-image", input: INPUT, ...options });

const decodeFixture = async (name: string, options: Partial<DecodeOptions> = {}): Promise<Rows> =>
  decodeImage(await readFixture(`pictures/${name}`), options);

const pixelsOf = (rows: Rows): Buffer => Buffer.from((rows as Images).pixels);

let names: readonly string[] = [];
beforeAll(async () => {
  const folder = join(import.meta.dirname, "../../test/fixtures/formats/pictures");
  names = (await readdir(folder)).filter((name) => name.endsWith(".pixels"));
});

test("every image gives the pixels that Pillow reads, in RGB and in grey", async () => {
  expect(names.length).toBeGreaterThan(35);
  for (const expectation of names) {
    const name = expectation.slice(0, -".pixels".length);
    const expected = await readFixture(`pictures/${expectation}`);
    const isTurned = /orientation[5-8]/.test(name);
    const [width, height] = isTurned ? [HEIGHT, WIDTH] : [WIDTH, HEIGHT];
    const pixels = width * height;
    const input: ImageInput = { kind: "images", width, height, channels: 3 };
    const rgb = await decodeFixture(name, { input });
    const grey = await decodeFixture(name, { input: { ...input, channels: 1 as const } });
    expect(pixelsOf(rgb).equals(expected.subarray(0, 3 * pixels)), name).toBe(true);
    expect(pixelsOf(grey).equals(expected.subarray(3 * pixels, 4 * pixels)), name).toBe(true);
  }
});

test("images of another size are resized as Pillow does it", async () => {
  const expected = await readFixture("pictures/rgb8.png.pixels");
  let at = 4 * WIDTH * HEIGHT;
  for (const [width, height] of [
    [8, 8],
    [5, 20],
    [32, 32],
  ] as const) {
    for (const channels of [3, 1] as const) {
      const rows = await decodeFixture("rgb8.png", {
        input: { kind: "images", width, height, channels },
      });
      const size = width * height * channels;
      expect(rows).toMatchObject({ rows: 1, width, height, channels });
      expect(pixelsOf(rows).equals(expected.subarray(at, at + size)), `${width} x ${height}`).toBe(
        true,
      );
      at += size;
    }
  }
  expect(at).toBe(expected.length);
});

test("the Content-Type is compared with what comes", async () => {
  const body = await readFixture("pictures/rgb8.png");
  expect(await decodeImage(body, { mediaType: "image/png" })).toMatchObject({ rows: 1 });
  await expect(decodeImage(body, { mediaType: "image/jpeg" })).rejects.toMatchObject({
    code: "IMAGE_TYPE",
    message: expect.stringContaining(
      "expected image/jpeg, as the Content-Type says, found image/png",
    ),
  });
});

test.each([
  ["a GIF", () => readFixture("pictures/rgb.gif")],
  ["base64", () => Buffer.from("iVBORw0KGgoAAAANSUhEUg")],
  ["JSON", () => Buffer.from('{"instances": []}')],
  ["NumPy", () => readFixture("npy/images.npy")],
  ["hello", () => Buffer.from("hello, world")],
  ["a file that begins with", () => Buffer.from("x")],
])("what is no image is named: %s", async (found, body) => {
  await expect(decodeImage(await body())).rejects.toMatchObject({
    code: "IMAGE_TYPE",
    message: expect.stringContaining(found),
  });
});

test("an empty body is refused", async () => {
  await expect(decodeImage(Buffer.of())).rejects.toMatchObject({ code: "BODY_EMPTY" });
});

test("CMYK and animations are refused, with what to do", async () => {
  await expect(decodeFixture("cmyk.jpg")).rejects.toMatchObject({ code: "IMAGE_UNSUPPORTED" });
  await expect(decodeFixture("animated.webp")).rejects.toMatchObject({ code: "IMAGE_UNSUPPORTED" });
});

test("an image that is cut off is refused, wherever that is", async () => {
  for (const name of ["rgb.jpg", "progressive.jpg", "rgb8.png", "lossless.webp", "lossy.webp"]) {
    const whole = await readFixture(`pictures/${name}`);
    for (let length = 12; length < whole.length; length += 11) {
      await expect(
        decodeImage(whole.subarray(0, length)),
        `${name} of ${length} bytes`,
      ).rejects.toMatchObject({ code: "IMAGE_MALFORMED" });
    }
  }
});

test("an image of which a piece is lost is refused, and the next one is read", async () => {
  for (const name of ["rgb.jpg", "rgb8.png", "lossless.webp"]) {
    const whole = await readFixture(`pictures/${name}`);
    const damaged = Buffer.concat([whole.subarray(0, -60), whole.subarray(-14)]);
    await expect(decodeImage(damaged), name).rejects.toMatchObject({ code: "IMAGE_MALFORMED" });
    expect(await decodeImage(whole), name).toMatchObject({ rows: 1 });
  }
});

test("pixels are bounded before anything is decoded", async () => {
  const format = createImages({ maxPixels: WIDTH * HEIGHT - 1 });
  for (const name of ["rgb.jpg", "rgb8.png", "lossless.webp", "lossy.webp", "alpha.webp"]) {
    await expect(decodeFixture(name, { format }), name).rejects.toMatchObject({
      status: 413,
      code: "IMAGE_TOO_LARGE",
      message: expect.stringContaining("13 x 9, 117 pixels; this container takes at most 116"),
    });
  }
  const claim = Buffer.from(await readFixture("pictures/rgb8.png"));
  claim.writeUInt32BE(2 ** 31 - 1, 16);
  await expect(decodeImage(claim)).rejects.toMatchObject({ code: "IMAGE_TOO_LARGE" });
});

test("a JPEG of very many scans is refused", async () => {
  const whole = await readFixture("pictures/progressive.jpg");
  const scan = whole.lastIndexOf(Buffer.of(0xff, 0xda));
  const last = whole.subarray(scan, -2);
  const many = Buffer.concat([
    whole.subarray(0, -2),
    ...Array.from({ length: 30 }, () => last),
    whole.subarray(-2),
  ]);
  const format = createImages({ maxPixels: WIDTH * HEIGHT });
  await expect(decodeImage(many, { format })).rejects.toMatchObject({ code: "IMAGE_TOO_LARGE" });
});

const toJson = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const JSON_TYPE = { mediaType: "application/json" };

test("several images come in JSON, in the shapes of TensorFlow Serving", async () => {
  const [png, jpeg] = [
    await readFixture("pictures/rgb8.png"),
    await readFixture("pictures/rgb.jpg"),
  ];
  const expected = Buffer.concat([
    pixelsOf(await decodeImage(png)),
    pixelsOf(await decodeImage(jpeg)),
  ]);
  const [first, second] = [{ b64: png.toString("base64") }, { b64: jpeg.toString("base64url") }];
  for (const body of [
    { instances: [first, second] },
    [first, second],
    { instances: [{ image: first }, { image: second }] },
  ]) {
    const rows = await decodeImage(toJson(body), { ...JSON_TYPE, chunkBytes: [7, 100] });
    expect(rows).toMatchObject({ rows: 2, height: HEIGHT, width: WIDTH, channels: 3 });
    expect(pixelsOf(rows).equals(expected)).toBe(true);
  }
  expect(await decodeImage(toJson(first), JSON_TYPE)).toMatchObject({ rows: 1 });
});

test("what is wrong with images in JSON is said with their row", async () => {
  const good = { b64: (await readFixture("pictures/rgb8.png")).toString("base64") };
  const cases: readonly (readonly [unknown, object])[] = [
    [{ instances: [] }, { code: "BODY_EMPTY" }],
    [{ images: [good] }, { code: "JSON_SHAPE", message: expect.stringContaining('"images"') }],
    [{ instances: [good, [[0, 0, 0]]] }, { code: "JSON_SHAPE", row: 2 }],
    [{ instances: [good, { b64: "a b*" }] }, { code: "IMAGE_BASE64", row: 2 }],
    [
      { instances: [good, { b64: "data:image/png;base64,aaaa" }] },
      { code: "IMAGE_BASE64", row: 2 },
    ],
    [{ instances: [good, { b64: "aGVsbG8=" }] }, { code: "IMAGE_TYPE", row: 2 }],
    [{ instances: [good, { b64: good.b64.slice(0, 200) }] }, { code: "IMAGE_MALFORMED", row: 2 }],
  ];
  for (const [body, error] of cases) {
    await expect(decodeImage(toJson(body), JSON_TYPE)).rejects.toMatchObject(error);
  }
  await expect(decodeImage(Buffer.from("{"), JSON_TYPE)).rejects.toMatchObject({
    code: "JSON_MALFORMED",
  });
  await expect(
    decodeImage(toJson([good, good]), { ...JSON_TYPE, limits: { maxRows: 1 } }),
  ).rejects.toMatchObject({ status: 413, code: "TOO_MANY_ROWS" });
});

test("the pixels of all images of a request are bounded, as sent and as the model takes them", async () => {
  const image = { b64: (await readFixture("pictures/rgb8.png")).toString("base64") };
  const body = toJson(Array.from({ length: 11 }, () => image));
  const format = createImages({ maxPixels: WIDTH * HEIGHT });
  const input = { ...INPUT, width: 1, height: 1 };
  await expect(decodeImage(body, { ...JSON_TYPE, format, input })).rejects.toMatchObject({
    status: 413,
    code: "IMAGE_TOO_LARGE",
    row: 11,
  });
  await expect(decodeImage(body, { ...JSON_TYPE, format })).rejects.toMatchObject({
    status: 413,
    code: "IMAGE_TOO_LARGE",
  });
});

test("a PNG whose data end early or never is refused without the memory that it claims", async () => {
  const { crc32, deflateSync } = await import("node:zlib");
  const chunk = (type: string, data: Uint8Array): Buffer => {
    const content = Buffer.concat([Buffer.from(type), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(content));
    return Buffer.concat([length, content, sum]);
  };
  const head = Buffer.from("000013880000138808020000 00".replace(" ", ""), "hex");
  const png = (data: Uint8Array): Buffer =>
    Buffer.concat([
      Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
      chunk("IHDR", head),
      chunk("IDAT", deflateSync(data)),
      chunk("IEND", Buffer.of()),
    ]);
  const small = { input: { ...INPUT, width: 8, height: 8 } };
  const before = process.memoryUsage().rss;
  for (let round = 0; round < 20; round++) {
    await expect(decodeImage(png(Buffer.alloc(1000)), small)).rejects.toMatchObject({
      code: "IMAGE_MALFORMED",
    });
  }
  expect(process.memoryUsage().rss - before).toBeLessThan(500e6);
  const endless = png(Buffer.alloc(5000 * 15_001 + 10_000_000));
  expect(await decodeImage(endless, small)).toMatchObject({ rows: 1 });
});
