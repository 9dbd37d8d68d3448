import { checkDimensions, checkNames, checkNamespace, toMilliseconds } from "./embedded-checks.ts";
import { toMetricEntry } from "./embedded-metric.ts";
import type { EmbeddedMetric, MetricEntry } from "./embedded-metric.ts";
import { MetricsError } from "./metrics-error.ts";
import { STDOUT, writeLines } from "./output.ts";

/** The most metrics of one directive; more of them go into further directives of the same line. */
export const MAX_METRICS_PER_DIRECTIVE = 100;

/** The most bytes of one line: 1 MB, the limit of a CloudWatch event, however a megabyte is counted. */
export const MAX_EVENT_BYTES = 1_000_000;

/** What one line of CloudWatch's embedded metric format says. */
export interface EmbeddedMetrics {
  /** 1 to 255 letters, digits, spaces and `. - _ / # :`; not `AWS/…`, and no colon first. */
  readonly namespace: string;
  /** At most 30 values by name, of 1 to 1,024 ASCII characters each; every combination of values is a billed metric. */
  readonly dimensions?: Readonly<Record<string, string>>;
  /** The combinations of dimension names to aggregate over: `[["Endpoint", "Variant"], ["Endpoint"]]`; otherwise one set, all names. */
  readonly dimensionSets?: readonly (readonly string[])[];
  /** Measurements by name; those that are not finite are left out. */
  readonly metrics: Readonly<Record<string, EmbeddedMetric>>;
  /** Whatever else helps to search the logs, as `JSON.stringify` writes it; costs no metric. */
  readonly properties?: Readonly<Record<string, unknown>>;
  /** When it was measured, in milliseconds since 1970; now, if left out. CloudWatch drops what is older than two weeks or over two hours ahead. */
  readonly timestamp?: number | Date;
}

/**
 * One line of JSON, without its line break, from which CloudWatch makes metrics.
 *
 * The line must be the whole event. Each `=` in it is written as JSON's `\u003d`, so that no regular expression of a
 * training metric finds it. Without a finite measurement the line has no `_aws`: it is then a mere log event.
 *
 * @throws {MetricsError} EMF_NAMESPACE_INVALID, EMF_NAME_INVALID, EMF_DIMENSION_INVALID, EMF_METRIC_INVALID,
 *   EMF_TIMESTAMP_INVALID, EMF_TOO_LARGE.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 * @example
 * toEmbeddedMetrics({
 *   namespace: "Iris",
 *   dimensions: { Variant: "blue" },
 *   metrics: { Latency: { value: 12.5, unit: "Milliseconds" } },
 * });
 */
export const toEmbeddedMetrics = ({
  namespace,
  dimensions = {},
  dimensionSets = [Object.keys(dimensions)],
  metrics,
  properties = {},
  timestamp = Date.now(),
}: EmbeddedMetrics): string => {
  checkNamespace(namespace);
  checkNames({ dimensions, metrics, properties });
  checkDimensions(dimensions, dimensionSets);
  const timestampMs = toMilliseconds(timestamp);
  const entries = Object.entries(metrics)
    .map(([name, metric]) => toMetricEntry(name, metric))
    .filter((entry) => entry !== undefined);

  const header = {
    Timestamp: timestampMs,
    CloudWatchMetrics: toChunks(entries).map((chunk) => ({
      Namespace: namespace,
      Dimensions: dimensionSets,
      Metrics: chunk.map(({ definition }) => definition),
    })),
  };
  const line = JSON.stringify({
    ...(entries.length > 0 && { _aws: header }),
    ...dimensions,
    ...Object.fromEntries(entries.map(({ definition, value }) => [definition.Name, value])),
    ...properties,
  }).replaceAll("=", String.raw`\u003d`);
  const lineBytes = Buffer.byteLength(line);
  if (lineBytes > MAX_EVENT_BYTES) {
    throw new MetricsError(
      "EMF_TOO_LARGE",
      `the line has ${lineBytes} bytes, and CloudWatch takes ${MAX_EVENT_BYTES}: shorten the properties, or write several lines`,
    );
  }
  return line;
};

/**
 * Writes {@link toEmbeddedMetrics} to stdout as a line of its own, before it returns.
 *
 * @param write Takes the line, with its line break, in place of stdout.
 * @throws {MetricsError} as {@link toEmbeddedMetrics} does; nothing is written then.
 */
export const logEmbeddedMetrics = (
  embedded: EmbeddedMetrics,
  { write }: { readonly write?: (line: string) => void } = {},
): void => {
  const line = `${toEmbeddedMetrics(embedded)}\n`;
  if (write === undefined) writeLines(STDOUT, line);
  else write(line);
};

const toChunks = (entries: readonly MetricEntry[]): MetricEntry[][] =>
  Array.from({ length: Math.ceil(entries.length / MAX_METRICS_PER_DIRECTIVE) }, (_, index) =>
    entries.slice(index * MAX_METRICS_PER_DIRECTIVE, (index + 1) * MAX_METRICS_PER_DIRECTIVE),
  );
