export {
  defineMetrics,
  MAX_METRIC_NAME_CHARACTERS,
  MAX_METRIC_REGEX_CHARACTERS,
  MAX_METRICS,
} from "./define-metrics.ts";
export type { MetricDefinition, MetricDescription, Metrics } from "./define-metrics.ts";
export { MAX_DIMENSIONS } from "./embedded-checks.ts";
export { MAX_VALUES_PER_METRIC } from "./embedded-metric.ts";
export type { EmbeddedMetric, EmbeddedValue } from "./embedded-metric.ts";
export {
  logEmbeddedMetrics,
  MAX_EVENT_BYTES,
  MAX_METRICS_PER_DIRECTIVE,
  toEmbeddedMetrics,
} from "./embedded-metrics.ts";
export type { EmbeddedMetrics } from "./embedded-metrics.ts";
export { log } from "./log.ts";
export type { Log } from "./log.ts";
export { METRIC_UNITS } from "./metric-unit.ts";
export type { MetricUnit } from "./metric-unit.ts";
export { MetricsError } from "./metrics-error.ts";
export type { MetricsErrorCode } from "./metrics-error.ts";
export { createProgress } from "./progress.ts";
export type { Progress, ProgressOptions } from "./progress.ts";
export { MAX_STALL_MS } from "./write-fully.ts";
