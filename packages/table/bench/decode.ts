// Prints how fast a request body in CSV becomes a matrix: node packages/table/bench/decode.ts [seconds per contender]
import { createFeatureDecoder, readFeatureTable } from "../src/index.ts";

const ROWS = 30_000;
const COLUMNS = 4;
const CHUNK_BYTES = 64 * 1024;
const seconds = Number(process.argv[2] ?? 2);

/** The same numbers in every run. */
const createRandom = (): (() => number) => {
  let state = 42;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
};

const writeCsv = (writeCell: (value: number) => string): Buffer => {
  const random = createRandom();
  const writeRow = (): string =>
    Array.from({ length: COLUMNS }, () => writeCell(10 * random())).join(",");
  return Buffer.from(`${Array.from({ length: ROWS }, writeRow).join("\n")}\n`);
};

const toChunks = (bytes: Buffer): Buffer[] =>
  Array.from({ length: Math.ceil(bytes.length / CHUNK_BYTES) }, (_, index) =>
    bytes.subarray(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES),
  );

/** The values of all chunks, to compare and to keep the work from being left out. */
type Contender = (chunks: readonly Buffer[]) => Float64Array | Promise<Float64Array>;

const CONTENDERS: Readonly<Record<string, Contender>> = {
  createFeatureDecoder: async (chunks) => {
    const decoder = createFeatureDecoder({ columns: COLUMNS });
    for (const chunk of chunks) decoder.push(chunk);
    const { features } = await decoder.finish();
    return features.values;
  },
  split: (chunks) => {
    const values: number[] = [];
    for (const line of Buffer.concat(chunks).toString().split("\n")) {
      if (line !== "") for (const cell of line.split(",")) values.push(Number(cell));
    }
    return Float64Array.from(values);
  },
  "csv-parse (readFeatureTable)": async (chunks) => {
    const stream = async function* (): AsyncGenerator<Buffer> {
      yield* chunks;
    };
    const { features } = await readFeatureTable({ name: "body", stream }, { columns: COLUMNS });
    return features.values;
  },
};

const toBytes = (values: Float64Array): Uint8Array => new Uint8Array(values.buffer);

/** The median time of one decoding in milliseconds. */
const measure = async (contender: Contender, chunks: readonly Buffer[]): Promise<number> => {
  const times: number[] = [];
  const end = performance.now() + 1000 * seconds;
  while (performance.now() < end) {
    const start = performance.now();
    await contender(chunks);
    times.push(performance.now() - start);
  }
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;
};

const PAYLOADS: Readonly<Record<string, Buffer>> = {
  "4 decimals": writeCsv((value) => value.toFixed(4)),
  "1 decimal": writeCsv((value) => value.toFixed(1)),
  "as JavaScript and Python print doubles": writeCsv(String),
  "as numpy.savetxt prints them": writeCsv((value) => value.toExponential(18)),
};

for (const [name, bytes] of Object.entries(PAYLOADS)) {
  const chunks = toChunks(bytes);
  const expected = await CONTENDERS["split"]?.(chunks);
  process.stdout.write(`${ROWS} rows x ${COLUMNS} columns, ${name}, ${bytes.length} bytes\n`);
  let fastest: number | undefined;
  for (const [contenderName, contender] of Object.entries(CONTENDERS)) {
    const values = await contender(chunks);
    if (expected === undefined || Buffer.compare(toBytes(values), toBytes(expected)) !== 0) {
      throw new Error(`${contenderName} read other values`);
    }
    const ms = await measure(contender, chunks);
    fastest ??= ms;
    const speed = (bytes.length / ms / 1000).toFixed(0);
    const ratio = (ms / fastest).toFixed(1);
    process.stdout.write(
      `  ${contenderName}: ${ms.toFixed(2)} ms, ${speed} MB/s, ${ratio} x the time\n`,
    );
  }
}
