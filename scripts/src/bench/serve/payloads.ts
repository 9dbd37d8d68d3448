import type { TextRows } from "./protocols.ts";

/** The sizes of the comparison, in rows of 4 columns: 28 bytes, 812 bytes, 28 kB, 840 kB as CSV. */
export const PAYLOAD_ROWS: readonly number[] = [1, 29, 1000, 30_000];

// From the smallest to the largest value of each feature of iris.
const RANGES = [
  [4.3, 7.9],
  [2, 4.4],
  [1, 6.9],
  [0.1, 2.5],
] as const;

/** Rows like those of iris, four decimals each; the same for the same count. */
export const createRows = (count: number): TextRows => {
  const random = createRandom(count);
  return Array.from({ length: count }, () =>
    RANGES.map(([low, high]) => (low + random() * (high - low)).toFixed(4)),
  );
};

/** How long the load on a payload is held by how many connections: fewer for large bodies. */
export const chooseConnections = (rows: number): number => (rows < 1000 ? 8 : 4);

/** A small generator of numbers from 0 to below 1 (mulberry32). */
const createRandom = (seed: number) => (): number => {
  seed = (seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
};
