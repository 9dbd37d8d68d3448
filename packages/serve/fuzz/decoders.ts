// Compares the decoders with plain ones on inputs that are right, nearly right and wrong, cut anywhere:
// node packages/serve/fuzz/decoders.ts --inputs 1000000 --seconds 600 --seed 1
import { parseArgs } from "node:util";
import { readFeatureTable } from "@byoc/table";
import { decodeCsv } from "../src/decoders/csv.ts";
import { decodeJsonLines } from "../src/decoders/json-lines.ts";
import { decodeJson } from "../src/decoders/json.ts";
import { decode, describeOutcome, type Outcome } from "../src/decoders/testing/decode.ts";
import {
  JSON_SHELLS,
  referenceJson,
  referenceJsonLines,
} from "../src/decoders/testing/reference.ts";
import type { DecoderFactory } from "../src/format.ts";

interface Input {
  readonly columns: number;
  readonly acceptsMissing: boolean;
}

interface Target {
  readonly factory: DecoderFactory;
  write(random: Random, input: Input): string;
  reference(bytes: Uint8Array, input: Input): Outcome | Promise<Outcome>;
}

/** The same inputs for the same seed. */
class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** An integer from 0 to before `end` (mulberry32). */
  below(end: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * end);
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)] as Item;
  }

  many<Item>(count: number, make: () => Item): Item[] {
    return Array.from({ length: count }, make);
  }
}

const ODD_CELLS = [
  "-0",
  "1E+2",
  "01",
  ".5",
  "5.",
  "+1",
  "1.e2",
  "null",
  "NaN",
  "nan",
  "",
  " ",
  "1e999",
  '"x"',
  '"5"',
  "0x1",
  "true",
];
const TOKENS = [
  ..."[]{},:.+-eE019 \t\n\r\"'\\\0é",
  "null",
  "NaN",
  "\uFEFF",
  "\r\n",
  '"features"',
  "a,b\n",
];
const BLANKS = ["", "", "", " ", "\n", "\t\r\n"];
const SHELLS = [...JSON_SHELLS, "\uFEFFR"];

const writeCell = (random: Random): string => {
  const kind = random.below(80);
  if (kind === 0) return random.pick(ODD_CELLS);
  if (kind < 30) return (random.below(20_000) / 1000 - 10).toFixed(random.below(6));
  const digits = random
    .many(1 + random.below(22), () => random.below(10))
    .join("")
    .replace(/^0+(?=.)/, "");
  const exponent = kind < 40 ? `e${random.below(640) - 320}` : "";
  const sign = random.pick(["", "-"]);
  const places = random.below(digits.length);
  if (places === 0) return sign + digits + exponent;
  return `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}${exponent}`;
};

const writeRows = (random: Random, { columns }: Input): string[][] =>
  random.many(random.below(6), () => random.many(columns, () => writeCell(random)));

const writeJson = (random: Random, input: Input): string => {
  const gap = random.pick(BLANKS);
  const isNamed = random.below(10) === 0;
  const rows = writeRows(random, input).map((cells) => `[${cells.join(`,${gap}`)}]`);
  const items = rows.map((row) => (isNamed ? `{"features":${row}}` : row));
  return random.pick(SHELLS).replace("R", () => `[${gap}${items.join(`${gap},`)}]${gap}`);
};

const writeJsonLines = (random: Random, input: Input): string => {
  const gap = random.pick(BLANKS);
  const rows = writeRows(random, input).map((cells) => `${gap}[${cells.join(`,${gap}`)}]`);
  return rows.join(random.pick(["\n", "\r\n", "\n\n"])) + random.pick(["", "\n"]);
};

const writeCsv = (random: Random, input: Input): string => {
  const start = random.pick(["", "", "", "\uFEFF", "\n", "a,b\n", '"a","b"\r\n', "x\n"]);
  const rows = writeRows(random, input).map((cells) => cells.join(random.pick([",", ",", ", "])));
  return start + rows.join(random.pick(["\n", "\r\n", "\r", "\n\n"])) + random.pick(["", "\n"]);
};

const TARGETS: readonly Target[] = [
  { factory: decodeJson, write: writeJson, reference: referenceJson },
  { factory: decodeJsonLines, write: writeJsonLines, reference: referenceJsonLines },
  {
    factory: decodeCsv,
    write: writeCsv,
    reference: (bytes, input) =>
      describeOutcome(async () => {
        const stream = async function* (): AsyncGenerator<Uint8Array> {
          yield bytes;
        };
        return (await readFeatureTable({ name: "request body", stream }, input)).features;
      }),
  },
];

const mutate = (random: Random, text: string): Uint8Array => {
  let bytes: Uint8Array = Buffer.from(text);
  for (let left = Math.max(0, random.below(8) - 5); left > 0; left--) {
    const at = random.below(bytes.length + 1);
    const isByte = random.below(4) === 0;
    const added = isByte ? [random.below(256)] : Buffer.from(random.pick(TOKENS));
    const end = at + random.below(3);
    bytes = Buffer.concat([bytes.subarray(0, at), Uint8Array.from(added), bytes.subarray(end)]);
  }
  return bytes;
};

const { values: options } = parseArgs({
  options: {
    inputs: { type: "string", default: "1000000" },
    seconds: { type: "string", default: "600" },
    seed: { type: "string", default: "1" },
  },
});
const random = new Random(Number(options.seed));
const started = performance.now();
const deadline = started + 1000 * Number(options.seconds);
const counts = { inputs: 0, read: 0, refused: 0, findings: 0 };

while (counts.inputs < Number(options.inputs) && performance.now() < deadline) {
  const target = random.pick(TARGETS);
  const input = { columns: 1 + random.below(3), acceptsMissing: random.below(2) === 0 };
  const bytes = mutate(random, target.write(random, input));
  const cuts = random.many(random.below(4), () => random.below(bytes.length + 1));
  const outcome = await describeOutcome(() => decode(target.factory, bytes, { ...input, cuts }));
  const expected = await target.reference(bytes, input);
  counts.inputs++;
  if ("bits" in outcome) counts.read++;
  else counts.refused++;
  if (JSON.stringify(outcome) === JSON.stringify(expected)) continue;
  counts.findings++;
  const body = Buffer.from(bytes).toString("base64");
  const finding = { decoder: target.factory.name, input, cuts, body, outcome, expected };
  process.stdout.write(`${JSON.stringify(finding)}\n`);
}

const seconds = Math.round((performance.now() - started) / 1000);
process.stdout.write(
  `${counts.inputs} inputs in ${seconds} s: ${counts.read} read, ${counts.refused} refused, ${counts.findings} findings\n`,
);
process.exitCode = counts.findings === 0 ? 0 : 1;
