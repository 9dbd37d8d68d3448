import { expect, test } from "vitest";
import { requirePython, runPython } from "../description/testing/python.ts";
import { PROMETHEUS_CONTENT_TYPE, toPrometheus } from "./prometheus.ts";
import { createRequestMetrics } from "./request-metrics.ts";
import { type MetricsSnapshot, mergeSnapshots } from "./snapshot.ts";

const makeSnapshot = (): MetricsSnapshot => {
  const metrics = createRequestMetrics();
  metrics.record(200, 0.5, 29);
  metrics.record(200, 700, 1);
  metrics.record(400, 1e9, 0);
  metrics.recordBatch(30);
  metrics.recordQueueAge(2);
  Object.assign(metrics, { modelLoadMs: 1500, workers: 2, workerRestarts: 1 });
  Object.assign(metrics, { memoryUsageBytes: 1e8, memoryLimitBytes: 5e8 });
  return { ...metrics.snapshot(), residentBytes: 123 };
};

test("every line is a comment or a sample of the text format", () => {
  const text = toPrometheus(makeSnapshot());
  const line =
    /^(?:# HELP [a-z_]+ \S.*|# TYPE [a-z_]+ (?:counter|gauge|histogram)|[a-z_]+(?:\{[a-z]+="[^"\\]*"\})? \d+(?:\.\d+)?(?:e-?\d+)?)$/;
  expect(text.endsWith("\n")).toBe(true);
  for (const each of text.slice(0, -1).split("\n")) expect(each).toMatch(line);
  expect(PROMETHEUS_CONTENT_TYPE).toContain("version=0.0.4");
});

test("counts, gauges and histograms are in base units", () => {
  const lines = toPrometheus(makeSnapshot()).split("\n");
  for (const line of [
    'byoc_requests_total{status="200"} 2',
    'byoc_requests_total{status="400"} 1',
    'byoc_request_duration_seconds_bucket{le="0.00025"} 0',
    'byoc_request_duration_seconds_bucket{le="0.0005"} 1',
    'byoc_request_duration_seconds_bucket{le="1"} 2',
    'byoc_request_duration_seconds_bucket{le="600"} 2',
    'byoc_request_duration_seconds_bucket{le="+Inf"} 3',
    "byoc_request_duration_seconds_sum 1000000.7005",
    "byoc_request_duration_seconds_count 3",
    "byoc_rows_total 30",
    'byoc_batch_rows_bucket{le="32"} 1',
    "byoc_batch_rows_sum 30",
    'byoc_queue_age_seconds_bucket{le="0.0025"} 1',
    "byoc_worker_restarts_total 1",
    "byoc_workers 2",
    "byoc_model_load_seconds 1.5",
    "byoc_resident_memory_bytes 123",
    "byoc_container_memory_usage_bytes 100000000",
    "byoc_container_memory_limit_bytes 500000000",
  ]) {
    expect(lines).toContain(line);
  }
});

test("before the first request counts are 0, and gauges that nobody set are left out", () => {
  const text = toPrometheus(mergeSnapshots([]));
  expect(text).toContain('byoc_requests_total{status="200"} 0\n');
  expect(text).not.toMatch(/model_load|container_memory/);
});

test("Prometheus' own Python client reads every metric", { timeout: 120_000 }, async (context) => {
  const python = await requirePython(context, "prometheus_client==0.26.0");
  const script = `
import json, sys
from prometheus_client.parser import text_string_to_metric_families
families = list(text_string_to_metric_families(sys.stdin.read()))
print(json.dumps({f.name: [f.type, f.documentation != "", [[s.name, s.labels, s.value] for s in f.samples]] for f in families}))`;
  const text = toPrometheus(makeSnapshot());
  const families = JSON.parse(await runPython(python, script, text)) as Record<
    string,
    [string, boolean, [string, Record<string, string>, number][]]
  >;
  expect(
    Object.entries(families).map(([name, [type, isExplained]]) => [name, type, isExplained]),
  ).toEqual([
    ["byoc_requests", "counter", true],
    ["byoc_request_duration_seconds", "histogram", true],
    ["byoc_rows", "counter", true],
    ["byoc_batch_rows", "histogram", true],
    ["byoc_queue_age_seconds", "histogram", true],
    ["byoc_worker_restarts", "counter", true],
    ["byoc_workers", "gauge", true],
    ["byoc_model_load_seconds", "gauge", true],
    ["byoc_resident_memory_bytes", "gauge", true],
    ["byoc_container_memory_usage_bytes", "gauge", true],
    ["byoc_container_memory_limit_bytes", "gauge", true],
  ]);
  const samples = Object.values(families).flatMap(([, , each]) => each);
  expect(samples).toHaveLength(text.split("\n").filter((line) => /^[a-z]/.test(line)).length);
  expect(families["byoc_requests"]?.[2]).toContainEqual([
    "byoc_requests_total",
    { status: "400" },
    1,
  ]);
});
