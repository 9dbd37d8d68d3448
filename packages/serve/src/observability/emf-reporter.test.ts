import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { createEmfReporter } from "./emf-reporter.ts";
import { readEmfSettings } from "./emf-settings.ts";
import { createRequestMetrics, type RequestMetrics } from "./request-metrics.ts";

const INTERVAL_MS = 10;

/** A reporter that collects its lines, parsed. */
const collect = (metrics: RequestMetrics, { enabled = true } = {}) => {
  const lines: Record<string, unknown>[] = [];
  const reporter = createEmfReporter({
    read: async () => metrics.snapshot(),
    intervalMs: INTERVAL_MS,
    enabled,
    namespace: "Iris",
    write: (line) => lines.push(JSON.parse(line) as Record<string, unknown>),
  });
  return { lines, reporter };
};

test("what was counted since the last line is told once, and idle minutes are silent", async () => {
  const metrics = createRequestMetrics();
  metrics.modelLoadMs = 40;
  metrics.workers = 2;
  const { lines, reporter } = collect(metrics);
  reporter.start();
  await sleep(5 * INTERVAL_MS);
  expect(lines).toEqual([]);

  metrics.record(200, 3, 29);
  metrics.record(415, 0.1, 0);
  await vi.waitFor(() => expect(lines).toHaveLength(1));
  expect(lines[0]).toMatchObject({
    Invocations: 2,
    Invocation4XXErrors: 1,
    Invocation5XXErrors: 0,
    Latency: [0.05, 3.75],
    Rows: 29,
    Workers: 2,
    WorkerRestarts: 0,
    ModelLoadTime: 40,
  });
  expect(lines[0]).not.toHaveProperty("QueueAge");

  await sleep(5 * INTERVAL_MS);
  metrics.record(500, 3, 0);
  metrics.recordBatch(4);
  metrics.recordBatch(8);
  metrics.recordQueueAge(30);
  await vi.waitFor(() => expect(lines).toHaveLength(2));
  expect(lines[1]).toMatchObject({ Invocations: 1, Invocation5XXErrors: 1, Rows: 0 });
  expect(lines[1]).not.toHaveProperty("ModelLoadTime");
  await reporter.stop();
});

test("nothing is a dimension", async () => {
  const metrics = createRequestMetrics();
  const { lines, reporter } = collect(metrics);
  reporter.start();
  metrics.record(200, 3, 1);
  await reporter.stop();
  expect(lines[0]?.["_aws"]).toMatchObject({
    CloudWatchMetrics: [{ Namespace: "Iris", Dimensions: [[]] }],
  });
});

test("stopping tells the rest, and nothing after it", async () => {
  const metrics = createRequestMetrics();
  const { lines, reporter } = collect(metrics);
  reporter.start();
  reporter.start();
  metrics.record(200, 3, 1);
  await reporter.stop();
  metrics.record(200, 3, 1);
  await sleep(3 * INTERVAL_MS);
  await reporter.stop();
  expect(lines).toHaveLength(1);
});

test("a line of many requests stays far below the 16 KB in which Docker cuts lines", async () => {
  const metrics = createRequestMetrics();
  for (let request = 0; request < 100_000; request++) {
    metrics.record(200, (request * 7919) % 61_000, 1);
    metrics.recordQueueAge((request * 104_729) % 9_999);
  }
  const written: string[] = [];
  const reporter = createEmfReporter({
    read: () => metrics.snapshot(),
    enabled: true,
    namespace: "Iris",
    write: (line) => written.push(line),
  });
  reporter.start();
  await reporter.stop();
  expect(written.join("").length).toBeGreaterThan(1000);
  expect(written.join("").length).toBeLessThan(4000);
});

test("a reporter that is switched off writes nothing", async () => {
  const metrics = createRequestMetrics();
  const { lines, reporter } = collect(metrics, { enabled: false });
  reporter.start();
  metrics.record(200, 3, 1);
  await sleep(3 * INTERVAL_MS);
  await reporter.stop();
  expect(lines).toEqual([]);
});

test("a real process writes its line to stdout when it stops, and the timer does not keep it alive", () => {
  const script = `
    const { createEmfReporter } = await import(${JSON.stringify(join(import.meta.dirname, "emf-reporter.ts"))});
    const { readEmfSettings } = await import(${JSON.stringify(join(import.meta.dirname, "emf-settings.ts"))});
    const { createRequestMetrics } = await import(${JSON.stringify(join(import.meta.dirname, "request-metrics.ts"))});
    const metrics = createRequestMetrics();
    const reporter = createEmfReporter({ ...readEmfSettings(), read: () => metrics.snapshot() });
    reporter.start();
    metrics.record(200, 3, 1);
    process.once("beforeExit", () => reporter.stop());`;
  const output = execFileSync(process.execPath, ["--input-type=module", "-e", script], {
    encoding: "utf8",
    env: { BYOC_EMBEDDED_METRICS_NAMESPACE: "My/Endpoint" },
  });
  expect(JSON.parse(output)).toMatchObject({
    Invocations: 1,
    _aws: { CloudWatchMetrics: [{ Namespace: "My/Endpoint" }] },
  });
});

test("the environment switches CloudWatch lines on or off and names them", () => {
  expect(readEmfSettings({ BYOC_EMBEDDED_METRICS: "off" })).toEqual({
    enabled: false,
    namespace: "BYOC",
  });
  expect(
    readEmfSettings({
      BYOC_EMBEDDED_METRICS: " ON ",
      BYOC_EMBEDDED_METRICS_NAMESPACE: "Iris/blue",
    }),
  ).toEqual({ enabled: true, namespace: "Iris/blue" });
});

test("a setting that cannot be used says what is allowed", () => {
  expect(() => readEmfSettings({ BYOC_EMBEDDED_METRICS: "maybe" })).toThrow(
    'BYOC_EMBEDDED_METRICS is "maybe"; expected on or off',
  );
  expect(() => readEmfSettings({ BYOC_EMBEDDED_METRICS_NAMESPACE: "AWS/Mine" })).toThrow(
    'BYOC_EMBEDDED_METRICS_NAMESPACE: "AWS/Mine" cannot be a namespace',
  );
});
