import { type EmbeddedMetrics, log, logEmbeddedMetrics } from "@byoc/metrics";
import { countObservations, DURATION_BOUNDS_MS, toRepresentativeValues } from "./histogram.ts";
import { type MetricsSnapshot, mergeSnapshots, subtractSnapshots } from "./snapshot.ts";

/** The most values that a metric of one line may have. */
const MAX_VALUES = 100;

/** What {@link createEmfReporter} needs. */
export interface EmfReporterOptions {
  /** What all processes have counted since the start. */
  read(): MetricsSnapshot | Promise<MetricsSnapshot>;
  /** The time between two lines in milliseconds; a minute, the resolution of CloudWatch, unless given. */
  readonly intervalMs?: number;
  /** False makes a reporter that does nothing. */
  readonly enabled: boolean;
  readonly namespace: string;
  /** Takes each line in place of stdout. */
  readonly write?: (line: string) => void;
}

/** Tells CloudWatch what the server does. */
export interface EmfReporter {
  start(): void;
  /** Writes what has been counted since the last line, and stops. */
  stop(): Promise<void>;
}

/**
 * Writes once a minute what has been counted since, as a line of CloudWatch's embedded metric format; nothing when no
 * request was answered. There are no dimensions: each would be a billed metric of its own.
 *
 * Keeps no process alive. A `read` that fails costs one line, and a warning.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 * @example
 * const reporter = createEmfReporter({ ...readEmfSettings(), read: () => metrics.snapshot() });
 * reporter.start();
 */
export const createEmfReporter = ({
  read,
  intervalMs = 60_000,
  enabled,
  namespace,
  write,
}: EmfReporterOptions): EmfReporter => {
  let timer: NodeJS.Timeout | undefined;
  let reported = mergeSnapshots([]);
  let running: Promise<void> | undefined;

  const report = async (): Promise<void> => {
    try {
      const now = await read();
      const delta = subtractSnapshots(now, reported);
      if (countRequests(delta) === 0) return;
      const isNewLoad = now.modelLoadMs !== reported.modelLoadMs;
      const embedded = { namespace, metrics: toEmbedded(delta, isNewLoad) };
      logEmbeddedMetrics(embedded, write === undefined ? {} : { write });
      reported = now;
    } catch (error) {
      log.warn(`the metrics could not be reported: ${String(error)}`);
    }
  };
  const reportOnce = (): Promise<void> => {
    running ??= report().finally(() => {
      running = undefined;
    });
    return running;
  };

  return {
    start() {
      if (!enabled || timer !== undefined) return;
      timer = setInterval(() => void reportOnce(), intervalMs).unref();
    },
    async stop() {
      if (timer === undefined) return;
      clearInterval(timer);
      timer = undefined;
      await running;
      await reportOnce();
    },
  };
};

const countRequests = ({ statuses }: MetricsSnapshot): number => countStatuses(statuses, "");

const countStatuses = (statuses: MetricsSnapshot["statuses"], prefix: string): number =>
  Object.entries(statuses).reduce(
    (total, [status, count]) => (status.startsWith(prefix) ? total + count : total),
    0,
  );

/** The names and units are those of SageMaker's own endpoint metrics where there are such. */
const toEmbedded = (delta: MetricsSnapshot, isNewLoad: boolean): EmbeddedMetrics["metrics"] => {
  const batches = countObservations(delta.batchRows);
  const queueAges = toDurations(delta.queueAgeMs);
  return {
    Invocations: { value: countRequests(delta), unit: "Count" },
    Invocation4XXErrors: { value: countStatuses(delta.statuses, "4"), unit: "Count" },
    Invocation5XXErrors: { value: countStatuses(delta.statuses, "5"), unit: "Count" },
    Latency: { value: toDurations(delta.durationMs), unit: "Milliseconds" },
    Rows: { value: delta.rows, unit: "Count" },
    ...(batches > 0 && { BatchRows: { value: delta.batchRows.sum / batches, unit: "Count" } }),
    ...(queueAges.length > 0 && { QueueAge: { value: queueAges, unit: "Milliseconds" } }),
    Workers: { value: delta.workers, unit: "Count" },
    WorkerRestarts: { value: delta.workerRestarts, unit: "Count" },
    Memory: { value: delta.memoryUsageBytes ?? delta.residentBytes, unit: "Bytes" },
    ...(isNewLoad &&
      delta.modelLoadMs !== undefined && {
        ModelLoadTime: { value: delta.modelLoadMs, unit: "Milliseconds" },
      }),
  };
};

const toDurations = (histogram: MetricsSnapshot["durationMs"]): readonly number[] =>
  toRepresentativeValues(histogram, { bounds: DURATION_BOUNDS_MS, most: MAX_VALUES });
