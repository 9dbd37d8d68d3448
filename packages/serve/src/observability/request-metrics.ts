import { createHistogram, DURATION_BOUNDS_MS, ROW_BOUNDS } from "./histogram.ts";
import type { MetricsSnapshot } from "./snapshot.ts";

/** One above the highest status of HTTP. */
const STATUSES = 600;

/** What one process counts; `record` costs a few nanoseconds and allocates nothing. */
export interface RequestMetrics {
  /**
   * Counts a request to /invocations or to a model that has been answered, also with an error; /ping is not counted.
   *
   * @param status The HTTP status, 100 to 599; another is counted in durations and rows only.
   * @param durationMs From the end of the headers to the last byte of the answer.
   * @param rows The rows that were predicted; 0 for an error.
   */
  record(status: number, durationMs: number, rows: number): void;
  /** Counts a call of `predict` with this many rows. */
  recordBatch(rows: number): void;
  /** Counts a request that waited this long, in milliseconds, before a worker or a batch took it. */
  recordQueueAge(ageMs: number): void;
  /** Gauge: how long `load` took in this process, in milliseconds; undefined before. */
  modelLoadMs: number | undefined;
  /** Gauge: how many workers this process stands for; added over all processes. */
  workers: number;
  /** Count: how many workers this process has replaced. */
  workerRestarts: number;
  /** Gauges of the container's memory in bytes, for the process that reads them. */
  memoryUsageBytes: number | undefined;
  memoryLimitBytes: number | undefined;
  /** All of it as plain data, with the resident memory of this process now. */
  snapshot(): MetricsSnapshot;
}

/**
 * Counters of one process, all at zero.
 *
 * @example
 * const metrics = createRequestMetrics();
 * metrics.record(200, 0.4, 1);
 * toPrometheus(metrics.snapshot());
 */
export const createRequestMetrics = (): RequestMetrics => {
  const statuses = new Float64Array(STATUSES);
  const rowCount = new Float64Array(1);
  const durations = createHistogram(DURATION_BOUNDS_MS);
  const batches = createHistogram(ROW_BOUNDS);
  const queueAges = createHistogram(DURATION_BOUNDS_MS);

  const metrics: RequestMetrics = {
    modelLoadMs: undefined,
    workers: 0,
    workerRestarts: 0,
    memoryUsageBytes: undefined,
    memoryLimitBytes: undefined,
    record(status, durationMs, rows) {
      if (status < STATUSES) statuses[status] = (statuses[status] as number) + 1;
      rowCount[0] = (rowCount[0] as number) + rows;
      durations.observe(durationMs);
    },
    recordBatch: batches.observe,
    recordQueueAge: queueAges.observe,
    snapshot: () => ({
      statuses: toCounts(statuses),
      durationMs: durations.snapshot(),
      rows: rowCount[0] as number,
      batchRows: batches.snapshot(),
      queueAgeMs: queueAges.snapshot(),
      workerRestarts: metrics.workerRestarts,
      workers: metrics.workers,
      residentBytes: process.memoryUsage.rss(),
      modelLoadMs: metrics.modelLoadMs,
      memoryUsageBytes: metrics.memoryUsageBytes,
      memoryLimitBytes: metrics.memoryLimitBytes,
    }),
  };
  return metrics;
};

const toCounts = (statuses: Float64Array): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const [status, count] of statuses.entries()) if (count > 0) counts[status] = count;
  return counts;
};
