import { expect, test } from "vitest";
import { createGarbageCollector } from "../processes/garbage-collector.ts";
import { createMemoryAccount } from "./memory-account.ts";

const MB = 1024 * 1024;
/** Files that take twice their size in memory while they are loaded. */
const files = (bytes: number) => ({ bytes, loadingBytes: 2 * bytes });
const readUsage = (): number => process.memoryUsage.rss();

test("room that is kept for one load is not given to another, and comes back", async () => {
  const memory = createMemoryAccount({
    memoryLimitBytes: 1000 * MB,
    readMemoryUsageBytes: () => 650 * MB,
  });
  const [first, second] = await Promise.all([
    memory.reserve(files(75 * MB)),
    memory.reserve(files(75 * MB)),
  ]);
  expect(first).toBeDefined();
  expect(second).toBeUndefined();
  first?.cancel();
  const third = await memory.reserve(files(75 * MB));
  expect(await third?.settle()).toBe(true);
  expect(await memory.reserve(files(101 * MB))).toBeUndefined();
  expect(memory.describe()).toContain("650.0 of 1000.0 MB are in use");
});

test("a load that took more than there is does not settle", async () => {
  let usage = 100 * MB;
  const memory = createMemoryAccount({
    memoryLimitBytes: 1000 * MB,
    readMemoryUsageBytes: () => usage,
  });
  const reservation = await memory.reserve(files(1));
  usage = 851 * MB;
  expect(await reservation?.settle()).toBe(false);
});

test("garbage is collected before a load is refused", async () => {
  const start = readUsage();
  let garbage: unknown = new Float64Array(25 * MB).fill(1);
  const memory = createMemoryAccount({
    memoryLimitBytes: (start + 100 * MB) / 0.85,
    readMemoryUsageBytes: readUsage,
  });
  expect(await memory.reserve(files(1))).toBeUndefined();
  expect(garbage).toBeDefined();
  garbage = undefined;
  expect(await memory.reserve(files(1))).toBeDefined();
});

test("what was let go is free when the promise resolves", async () => {
  const memory = createMemoryAccount({ memoryLimitBytes: 1e12, readMemoryUsageBytes: readUsage });
  const held = new Map([["a", new Float64Array(8 * MB).fill(1)]]);
  const weak = new WeakRef(held.get("a")!);
  const before = process.memoryUsage().arrayBuffers;
  await memory.free(() => held.clear());
  expect(weak.deref()).toBeUndefined();
  expect(before - process.memoryUsage().arrayBuffers).toBeGreaterThan(60 * MB);
});

test("small arrays that the C library keeps count as room, until they are used again", async () => {
  const load = () => Array.from({ length: 100_000 }, () => new Float64Array(100).fill(1));
  await createGarbageCollector().collectAndShrink();
  let models: unknown[] = load();
  const memory = createMemoryAccount({
    memoryLimitBytes: (readUsage() + 20 * MB) / 0.85,
    readMemoryUsageBytes: readUsage,
  });
  expect(await memory.reserve(files(20 * MB))).toBeUndefined();
  await memory.free(() => {
    models = [];
  });
  const reservation = await memory.reserve(files(20 * MB));
  expect(reservation).toBeDefined();
  models = load();
  expect(await reservation?.settle()).toBe(true);
  expect(models).toHaveLength(100_000);
  expect(await memory.reserve(files(20 * MB))).toBeUndefined();
});
