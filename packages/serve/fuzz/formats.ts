import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { crc32 } from "node:zlib";
import { isInputError } from "@byoc/errors";
import type { Format } from "../src/format.ts";
import { createImages } from "../src/formats/images.ts";
import { npy } from "../src/formats/npy.ts";
import { protobuf } from "../src/formats/protobuf.ts";
import { isInvocationError } from "../src/invocation-error.ts";
import type { InputDeclaration, Rows } from "../src/service.ts";

const USAGE = "usage: node fuzz/formats.ts [--inputs 100000] [--seed 1]   (inputs of each target)";

/** What is fuzzed with which files. */
interface Target {
  readonly name: string;
  readonly format: Format;
  readonly mediaType: string;
  readonly input: InputDeclaration;
  readonly folder: string;
  readonly ending: RegExp;
}

const FEATURES: InputDeclaration = { columns: 3 };
const IMAGES: InputDeclaration = { kind: "images", height: 2, width: 4, channels: 3 };
const images = createImages({ maxPixels: 1_000_000 });
const TARGETS: readonly Target[] = [
  {
    name: "npy",
    format: npy,
    mediaType: "application/x-npy",
    input: FEATURES,
    folder: "npy",
    ending: /\.npy$/,
  },
  {
    name: "npy images",
    format: npy,
    mediaType: "application/x-npy",
    input: IMAGES,
    folder: "npy",
    ending: /^images.*\.npy$/,
  },
  {
    name: "npz",
    format: npy,
    mediaType: "application/x-npz",
    input: FEATURES,
    folder: "npy",
    ending: /\.npz$/,
  },
  {
    name: "protobuf",
    format: protobuf,
    mediaType: "application/x-recordio-protobuf",
    input: FEATURES,
    folder: "records",
    ending: /\.pbr$/,
  },
  {
    name: "png",
    format: images,
    mediaType: "application/x-image",
    input: IMAGES,
    folder: "pictures",
    ending: /\.png$/,
  },
  {
    name: "jpeg",
    format: images,
    mediaType: "application/x-image",
    input: IMAGES,
    folder: "pictures",
    ending: /\.jpg$/,
  },
  {
    name: "webp",
    format: images,
    mediaType: "application/x-image",
    input: IMAGES,
    folder: "pictures",
    ending: /\.webp$/,
  },
];

/** The longest that one input may take: all of them are small. */
const MAX_MS = 1000;
/** The most memory of the process at any time. */
const MAX_RSS_BYTES = 1.5e9;

/** Mulberry32: the same inputs for the same seed. */
const createRandom = (seed: number): ((below: number) => number) => {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
};

const ODD_BYTES = [0, 1, 0x7f, 0x80, 0xff, 0x30, 0x39, 0x28, 0x5b];

/** A file with a few changes: bytes, cuts, repeats, pieces of another file. */
const mutate = (file: Buffer, other: Buffer, random: (below: number) => number): Buffer => {
  let bytes = Buffer.from(file);
  for (let change = random(4); change >= 0 && bytes.length > 0; change--) {
    const at = random(bytes.length);
    const length = random(Math.min(64, bytes.length - at + 1));
    const kind = random(7);
    if (kind < 2) bytes[at] = random(256);
    else if (kind === 2) bytes[at] = ODD_BYTES[random(ODD_BYTES.length)] ?? 0;
    else if (kind === 3) bytes = bytes.subarray(0, at);
    else if (kind === 4)
      bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
    else if (kind === 5)
      bytes = Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)]);
    else {
      const from = random(other.length);
      bytes = Buffer.concat([
        bytes.subarray(0, at),
        other.subarray(from, from + length),
        bytes.subarray(at),
      ]);
    }
  }
  return bytes;
};

/** Puts right checksums into a PNG, so that what lies behind them is reached; other files stay as they are. */
const repairChecksums = (bytes: Buffer): Buffer => {
  if (!bytes.subarray(0, 8).equals(Buffer.from("89504e470d0a1a0a", "hex"))) return bytes;
  for (let at = 8; at + 12 <= bytes.length;) {
    const end = at + 12 + bytes.readUInt32BE(at);
    if (end > bytes.length) break;
    bytes.writeUInt32BE(crc32(bytes.subarray(at + 4, end - 4)), end - 4);
    at = end;
  }
  return bytes;
};

const decode = async (
  body: Buffer,
  { format, mediaType, input }: Target,
  chunkBytes: number,
): Promise<Rows> => {
  const decoder = format.decoders?.[mediaType]?.(input, { maxRows: 100_000 }, mediaType);
  if (decoder === undefined) throw new Error(`no decoder for ${mediaType}`);
  for (let at = 0; at < body.length; at += chunkBytes) {
    decoder.push(new Uint8Array(body.subarray(at, at + chunkBytes)));
  }
  return decoder.finish();
};

const isWhole = (rows: Rows): boolean => {
  if ("values" in rows) {
    return (
      rows.rows > 0 &&
      rows.values.length === rows.rows * rows.columns &&
      rows.values.every(Number.isFinite)
    );
  }
  return (
    "pixels" in rows && rows.pixels.length === rows.rows * rows.height * rows.width * rows.channels
  );
};

const fuzz = async (target: Target, inputs: number, seed: number): Promise<string> => {
  const folder = join(import.meta.dirname, "../test/fixtures/formats", target.folder);
  const names = (await readdir(folder)).filter((name) => target.ending.test(name));
  const files = await Promise.all(names.map((name) => readFile(join(folder, name))));
  const random = createRandom(seed);
  const pick = (): Buffer => files[random(files.length)] ?? Buffer.of();
  const outcomes = new Map<string, number>();
  let slowestMs = 0;
  let mostRss = 0;
  for (let count = 0; count < inputs; count++) {
    const mutated = mutate(pick(), pick(), random);
    const body = random(4) === 0 ? mutated : repairChecksums(mutated);
    const since = performance.now();
    let outcome = "decoded";
    try {
      if (!isWhole(await decode(body, target, 1 + random(300))))
        throw new Error("rows and values differ");
    } catch (error) {
      if (!isInputError(error) && !isInvocationError(error)) {
        throw new Error(`${target.name}, input ${count}: ${body.toString("base64")}`, {
          cause: error,
        });
      }
      outcome = error.code;
    }
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    slowestMs = Math.max(slowestMs, performance.now() - since);
    if (slowestMs > MAX_MS)
      throw new Error(
        `${target.name}, input ${count} took ${slowestMs} ms: ${body.toString("base64")}`,
      );
    if (count % 256 === 0) mostRss = Math.max(mostRss, process.memoryUsage().rss);
    if (mostRss > MAX_RSS_BYTES)
      throw new Error(`${target.name}: ${mostRss} bytes of memory at input ${count}`);
  }
  const counted = Array.from(outcomes.entries())
    .toSorted(([, left], [, right]) => right - left)
    .map(([outcome, count]) => `${outcome} ${count}`);
  return `${target.name}: ${inputs} inputs, slowest ${slowestMs.toFixed(0)} ms, at most ${Math.round(mostRss / 1e6)} MB; ${counted.join(", ")}`;
};

try {
  const { values } = parseArgs({
    options: {
      inputs: { type: "string", default: "100000" },
      seed: { type: "string", default: "1" },
    },
  });
  for (const target of TARGETS) {
    process.stdout.write(`${await fuzz(target, Number(values.inputs), Number(values.seed))}\n`);
  }
} catch (error) {
  const isUsage = String((error as NodeJS.ErrnoException).code).startsWith("ERR_PARSE_ARGS");
  process.stderr.write(
    isUsage ? `${USAGE}\n` : `${(error as Error).stack} ${String((error as Error).cause)}\n`,
  );
  process.exitCode = isUsage ? 2 : 1;
}
