import { expect, test } from "vitest";
import { countObservations } from "./histogram.ts";
import { createRequestMetrics, type RequestMetrics } from "./request-metrics.ts";
import { mergeSnapshots, subtractSnapshots, withoutGauges } from "./snapshot.ts";

/** A worker that has answered as many requests with 200, of two rows and 3 ms each. */
const serve = (requests: number): RequestMetrics => {
  const metrics = createRequestMetrics();
  for (let request = 0; request < requests; request++) metrics.record(200, 3, 2);
  return metrics;
};

test("what is recorded is in the snapshot, as data that survives JSON", () => {
  const metrics = serve(2);
  metrics.record(400, 0.1, 0);
  metrics.recordBatch(4);
  metrics.recordQueueAge(7);
  metrics.modelLoadMs = 12;
  metrics.workers = 1;
  const snapshot = metrics.snapshot();
  expect(snapshot).toMatchObject({
    statuses: { "200": 2, "400": 1 },
    rows: 4,
    modelLoadMs: 12,
    workers: 1,
    workerRestarts: 0,
  });
  expect(countObservations(snapshot.durationMs)).toBe(3);
  expect(snapshot.durationMs.sum).toBeCloseTo(6.1);
  expect(snapshot.batchRows.sum).toBe(4);
  expect(snapshot.queueAgeMs.sum).toBe(7);
  expect(snapshot.residentBytes).toBeGreaterThan(2 ** 20);
  expect(JSON.parse(JSON.stringify(snapshot))).toEqual(
    Object.fromEntries(Object.entries(snapshot).filter(([, value]) => value !== undefined)),
  );
});

test("a status that HTTP does not have is counted in rows and durations only", () => {
  const metrics = createRequestMetrics();
  metrics.record(-1, 1, 1);
  metrics.record(1000, 1, 1);
  expect(metrics.snapshot()).toMatchObject({ statuses: {}, rows: 2 });
});

test("snapshots of several processes become one", () => {
  const [a, b] = [serve(2), serve(3)];
  Object.assign(a, { modelLoadMs: 10, workers: 1, workerRestarts: 1, memoryLimitBytes: 100 });
  Object.assign(b, { modelLoadMs: 30, workers: 1 });
  b.record(503, 1, 0);
  const merged = mergeSnapshots([a.snapshot(), b.snapshot()]);
  expect(merged).toMatchObject({
    statuses: { "200": 5, "503": 1 },
    rows: 10,
    modelLoadMs: 30,
    workers: 2,
    workerRestarts: 1,
    memoryLimitBytes: 100,
  });
  expect(countObservations(merged.durationMs)).toBe(6);
  expect(mergeSnapshots([]).modelLoadMs).toBeUndefined();
});

test("the difference of two snapshots is what came between them, with the gauges of the later one", () => {
  const metrics = serve(2);
  metrics.workers = 4;
  const earlier = metrics.snapshot();
  metrics.record(500, 1, 0);
  metrics.workers = 3;
  const delta = subtractSnapshots(metrics.snapshot(), earlier);
  expect(delta).toMatchObject({ statuses: { "200": 0, "500": 1 }, rows: 0, workers: 3 });
  expect(countObservations(delta.durationMs)).toBe(1);
});

test("a process that began anew counts from zero in the difference", () => {
  const delta = subtractSnapshots(serve(1).snapshot(), serve(5).snapshot());
  expect(delta).toMatchObject({ statuses: { "200": 1 }, rows: 2 });
});

test("a worker that has died leaves its counts and takes its gauges along", () => {
  const dead = serve(2);
  Object.assign(dead, { workers: 1, modelLoadMs: 10 });
  const merged = mergeSnapshots([withoutGauges(dead.snapshot()), serve(1).snapshot()]);
  expect(merged).toMatchObject({ statuses: { "200": 3 }, workers: 0 });
  expect(merged.modelLoadMs).toBeUndefined();
});
