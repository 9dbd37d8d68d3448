import {
  addHistograms,
  DURATION_BOUNDS_MS,
  emptyHistogram,
  type HistogramSnapshot,
  ROW_BOUNDS,
  subtractHistograms,
} from "./histogram.ts";

/** What the processes of a server have counted, as plain JSON data that travels between them. */
export interface MetricsSnapshot {
  /** Answers by HTTP status: `{"200": 12}`. */
  readonly statuses: Readonly<Record<string, number>>;
  /** From the end of the headers to the last byte of the answer, in milliseconds, over {@link DURATION_BOUNDS_MS}. */
  readonly durationMs: HistogramSnapshot;
  /** Rows of requests that were answered. */
  readonly rows: number;
  /** Rows of each call of `predict`, over {@link ROW_BOUNDS}. */
  readonly batchRows: HistogramSnapshot;
  /** How long requests waited for a worker or a batch, in milliseconds, over {@link DURATION_BOUNDS_MS}. */
  readonly queueAgeMs: HistogramSnapshot;
  /** Workers that died and were replaced. */
  readonly workerRestarts: number;
  /** Gauge: workers that live now. */
  readonly workers: number;
  /** Gauge: resident memory in bytes, pages that processes share counted for each of them. */
  readonly residentBytes: number;
  /** Gauge: the time that `load` took, the longest of all workers; left out before the model is there. */
  readonly modelLoadMs?: number | undefined;
  /** Gauge: memory of the container in bytes, as `@byoc/limits` reads it; left out where nobody asked. */
  readonly memoryUsageBytes?: number | undefined;
  /** Gauge: what of it the container may use. */
  readonly memoryLimitBytes?: number | undefined;
}

const EMPTY: MetricsSnapshot = {
  statuses: {},
  durationMs: emptyHistogram(DURATION_BOUNDS_MS),
  rows: 0,
  batchRows: emptyHistogram(ROW_BOUNDS),
  queueAgeMs: emptyHistogram(DURATION_BOUNDS_MS),
  workerRestarts: 0,
  workers: 0,
  residentBytes: 0,
};

/**
 * What several processes have counted together: counts, workers and resident memory are added; of load times and of the
 * container's memory, which each process would tell alike, the largest stays.
 */
export const mergeSnapshots = (snapshots: readonly MetricsSnapshot[]): MetricsSnapshot =>
  snapshots.reduce(
    (a, b) => ({
      statuses: combine(a.statuses, b.statuses, (x, y) => x + y),
      durationMs: addHistograms(a.durationMs, b.durationMs),
      rows: a.rows + b.rows,
      batchRows: addHistograms(a.batchRows, b.batchRows),
      queueAgeMs: addHistograms(a.queueAgeMs, b.queueAgeMs),
      workerRestarts: a.workerRestarts + b.workerRestarts,
      workers: a.workers + b.workers,
      residentBytes: a.residentBytes + b.residentBytes,
      modelLoadMs: largest(a.modelLoadMs, b.modelLoadMs),
      memoryUsageBytes: largest(a.memoryUsageBytes, b.memoryUsageBytes),
      memoryLimitBytes: largest(a.memoryLimitBytes, b.memoryLimitBytes),
    }),
    EMPTY,
  );

/**
 * What was counted between two snapshots; gauges are those of the later one. A count that has become smaller began anew
 * in between, and all of the later one is given, as Prometheus does.
 */
export const subtractSnapshots = (
  later: MetricsSnapshot,
  earlier: MetricsSnapshot,
): MetricsSnapshot => ({
  ...later,
  statuses: combine(later.statuses, earlier.statuses, subtractCounts),
  durationMs: subtractHistograms(later.durationMs, earlier.durationMs),
  rows: subtractCounts(later.rows, earlier.rows),
  batchRows: subtractHistograms(later.batchRows, earlier.batchRows),
  queueAgeMs: subtractHistograms(later.queueAgeMs, earlier.queueAgeMs),
  workerRestarts: subtractCounts(later.workerRestarts, earlier.workerRestarts),
});

/**
 * What stays of a process that has ended: its counts, so that no sum ever falls, without its gauges.
 *
 * @example
 * retired = mergeSnapshots([retired, withoutGauges(lastSnapshotOfDeadWorker)]);
 */
export const withoutGauges = (snapshot: MetricsSnapshot): MetricsSnapshot => ({
  ...snapshot,
  workers: 0,
  residentBytes: 0,
  modelLoadMs: undefined,
  memoryUsageBytes: undefined,
  memoryLimitBytes: undefined,
});

const subtractCounts = (later: number, earlier: number): number =>
  later >= earlier ? later - earlier : later;

const combine = (
  a: Readonly<Record<string, number>>,
  b: Readonly<Record<string, number>>,
  operation: (x: number, y: number) => number,
): Record<string, number> =>
  Object.fromEntries(
    Object.keys({ ...a, ...b }).map((status) => [
      status,
      operation(a[status] ?? 0, b[status] ?? 0),
    ]),
  );

const largest = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);
