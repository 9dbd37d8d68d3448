import {
  countObservations,
  DURATION_BOUNDS_MS,
  type HistogramSnapshot,
  ROW_BOUNDS,
} from "./histogram.ts";
import type { MetricsSnapshot } from "./snapshot.ts";

/** The Content-Type of {@link toPrometheus}. */
export const PROMETHEUS_CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

const MS_PER_SECOND = 1000;

/**
 * Metrics as Prometheus, and SageMaker's scraping of /metrics, read them: text format 0.0.4, base units, each metric
 * with its explanation. A gauge that nobody has set is left out.
 *
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerMetricsConfig.html
 */
export const toPrometheus = (snapshot: MetricsSnapshot): string =>
  [
    toFamily(
      "byoc_requests_total",
      "counter",
      "Requests for predictions, by HTTP status.",
      Object.entries({ "200": 0, ...snapshot.statuses }).map(
        ([status, count]) => `byoc_requests_total{status="${status}"} ${count}`,
      ),
    ),
    toHistogram(
      "byoc_request_duration_seconds",
      "Time from the end of a request's headers to the end of its answer.",
      inSeconds(snapshot.durationMs),
    ),
    toValue("byoc_rows_total", "counter", "Rows that were predicted.", snapshot.rows),
    toHistogram("byoc_batch_rows", "Rows of one call of predict.", {
      ...snapshot.batchRows,
      bounds: ROW_BOUNDS,
    }),
    toHistogram(
      "byoc_queue_age_seconds",
      "Time that a request waited for a worker or a batch.",
      inSeconds(snapshot.queueAgeMs),
    ),
    toValue(
      "byoc_worker_restarts_total",
      "counter",
      "Workers that died and were replaced.",
      snapshot.workerRestarts,
    ),
    toValue("byoc_workers", "gauge", "Workers that live now.", snapshot.workers),
    toValue(
      "byoc_model_load_seconds",
      "gauge",
      "Time that loading the model took, the longest of all workers.",
      snapshot.modelLoadMs === undefined ? undefined : snapshot.modelLoadMs / MS_PER_SECOND,
    ),
    toValue(
      "byoc_resident_memory_bytes",
      "gauge",
      "Resident memory of all processes of the server.",
      snapshot.residentBytes,
    ),
    toValue(
      "byoc_container_memory_usage_bytes",
      "gauge",
      "Memory that the container uses, without page cache that can be taken back.",
      snapshot.memoryUsageBytes,
    ),
    toValue(
      "byoc_container_memory_limit_bytes",
      "gauge",
      "Memory that the container may use.",
      snapshot.memoryLimitBytes,
    ),
  ].join("");

interface BoundedHistogram extends HistogramSnapshot {
  readonly bounds: readonly number[];
}

const toFamily = (
  name: string,
  type: "counter" | "gauge" | "histogram",
  help: string,
  samples: readonly string[],
): string => [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...samples, ""].join("\n");

const toValue = (
  name: string,
  type: "counter" | "gauge",
  help: string,
  value: number | undefined,
): string => (value === undefined ? "" : toFamily(name, type, help, [`${name} ${value}`]));

/** Prometheus wants each bucket with all that are smaller. */
const toHistogram = (name: string, help: string, histogram: BoundedHistogram): string => {
  let below = 0;
  const buckets = [...histogram.bounds, "+Inf"].map((bound, bucket) => {
    below += histogram.counts[bucket] ?? 0;
    return `${name}_bucket{le="${bound}"} ${below}`;
  });
  return toFamily(name, "histogram", help, [
    ...buckets,
    `${name}_sum ${histogram.sum}`,
    `${name}_count ${countObservations(histogram)}`,
  ]);
};

const inSeconds = ({ counts, sum }: HistogramSnapshot): BoundedHistogram => ({
  counts,
  sum: sum / MS_PER_SECOND,
  bounds: DURATION_BOUNDS_MS.map((bound) => bound / MS_PER_SECOND),
});
