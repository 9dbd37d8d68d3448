import { METRIC_UNITS } from "./metric-unit.ts";
import type { MetricUnit } from "./metric-unit.ts";
import { MetricsError } from "./metrics-error.ts";

/** The most values that one metric of one line may have. */
export const MAX_VALUES_PER_METRIC = 100;

/** CloudWatch refuses values beyond this magnitude. */
const MAX_MAGNITUDE = 2 ** 360;

/** One measurement, or up to 100 of the same metric. */
export type EmbeddedValue = number | readonly number[];

/** A measurement alone, or with what CloudWatch should know about it. */
export type EmbeddedMetric =
  | EmbeddedValue
  | {
      readonly value: EmbeddedValue;
      readonly unit?: MetricUnit;
      /** Seconds: 60, CloudWatch's default, or 1 for a high-resolution metric, which is billed as one. */
      readonly storageResolution?: 1 | 60;
    };

/** A metric as the line holds it: its definition in the directive, its value at the root. */
export interface MetricEntry {
  readonly definition: {
    readonly Name: string;
    readonly Unit?: MetricUnit;
    readonly StorageResolution?: 1 | 60;
  };
  readonly value: EmbeddedValue;
}

/**
 * The entry of one metric, or undefined where no value is left that CloudWatch takes: NaN and Infinity are not JSON.
 *
 * @throws {MetricsError} EMF_METRIC_INVALID for a value that is no number, more than 100 values, an unknown unit or resolution.
 */
export const toMetricEntry = (name: string, metric: EmbeddedMetric): MetricEntry | undefined => {
  const { value, unit, storageResolution } = isBareValue(metric) ? { value: metric } : metric;
  const values = [value].flat();
  if (values.some((each) => typeof each !== "number")) {
    throw invalid(name, "has a value that is not a number: give numbers only");
  }
  if (unit !== undefined && !METRIC_UNITS.includes(unit)) {
    throw invalid(
      name,
      `has the unit ${JSON.stringify(unit)}: use one of ${METRIC_UNITS.join(", ")}`,
    );
  }
  if (storageResolution !== undefined && storageResolution !== 1 && storageResolution !== 60) {
    throw invalid(name, `has the resolution ${String(storageResolution)}: use 1 or 60 seconds`);
  }
  const accepted = values.filter((each) => Math.abs(each) <= MAX_MAGNITUDE);
  if (accepted.length > MAX_VALUES_PER_METRIC) {
    throw invalid(
      name,
      `has ${accepted.length} values, and CloudWatch takes ${MAX_VALUES_PER_METRIC}: write several lines`,
    );
  }
  const [first] = accepted;
  if (first === undefined) return undefined;
  return {
    definition: {
      Name: name,
      ...(unit !== undefined && { Unit: unit }),
      ...(storageResolution !== undefined && { StorageResolution: storageResolution }),
    },
    value: typeof value === "number" ? first : accepted,
  };
};

const isBareValue = (metric: EmbeddedMetric): metric is EmbeddedValue =>
  typeof metric !== "object" || metric === null || Array.isArray(metric);

const invalid = (name: string, problem: string): MetricsError =>
  new MetricsError("EMF_METRIC_INVALID", `the metric ${JSON.stringify(name)} ${problem}`);
