import { toMetricRegex, toMetricText } from "./metric-text.ts";
import type { MetricUnit } from "./metric-unit.ts";
import { MetricsError } from "./metrics-error.ts";
import { STDOUT, writeLines } from "./output.ts";

/** The most metrics of one training job. */
export const MAX_METRICS = 40;

/** The most characters of a metric's name. */
export const MAX_METRIC_NAME_CHARACTERS = 255;

/** The most characters of a metric's regular expression. */
export const MAX_METRIC_REGEX_CHARACTERS = 500;

/** What a metric means, for people; neither the line nor CloudWatch shows it. */
export interface MetricDescription {
  /** What is measured, on what, and its range: `Share of validation rows labelled right, 0 to 1`. */
  readonly description: string;
  readonly unit?: MetricUnit;
}

/**
 * One entry of a training job's `MetricDefinitions`, spelled as the API spells it.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_MetricDefinition.html
 */
export interface MetricDefinition {
  /** 1 to 255 characters. */
  readonly Name: string;
  /** 1 to 500 characters; the first group is the number. */
  readonly Regex: string;
}

/** The metrics of one container. */
export interface Metrics<Name extends string> {
  /**
   * Writes one line, `epoch=1; loss=0.42;`, to stdout before it returns: whole numbers exactly, others with six
   * significant digits, in the order given. Undefined values are left out; a line without values is not written.
   *
   * @throws {MetricsError} METRIC_UNDECLARED, METRIC_NOT_A_NUMBER; nothing is written then.
   */
  readonly log: (values: { readonly [name in Name]?: number | undefined }) => void;
  /** `MetricDefinitions` to paste into a training job, in the order of declaration. */
  readonly definitions: readonly MetricDefinition[];
  /** What each metric means, by name. */
  readonly descriptions: Readonly<Record<Name, MetricDescription>>;
}

/**
 * Declares the metrics of a container by name: the lines that it prints and the regular expressions that catch them.
 *
 * @param declared A description for each name. A name has 1 to 255 letters, digits and `_ - . : / @ % + ( )`.
 * @param write Takes each line, with its line break, in place of stdout.
 * @throws {MetricsError} METRIC_TOO_MANY (more than 40), METRIC_NAME_INVALID, METRIC_REGEX_TOO_LONG.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/training-metrics.html
 * @example
 * const metrics = defineMetrics({ epoch: "Passes over the data", loss: "Mean cross-entropy of the epoch, nats" });
 * metrics.log({ epoch: 1, loss: 0.42 }); // epoch=1; loss=0.42;
 */
export const defineMetrics = <Name extends string>(
  declared: Readonly<Record<Name, string | MetricDescription>>,
  { write }: { readonly write?: (line: string) => void } = {},
): Metrics<Name> => {
  const entries = Object.entries<string | MetricDescription>(declared);
  if (entries.length > MAX_METRICS) {
    throw new MetricsError(
      "METRIC_TOO_MANY",
      `${entries.length} metrics are declared, and SageMaker takes ${MAX_METRICS}: leave some out, or print them with log.info`,
    );
  }
  const names = new Set(entries.map(([name]) => name));
  return {
    definitions: entries.map(([name]) => toDefinition(name)),
    descriptions: Object.fromEntries(
      entries.map(([name, meaning]) => [
        name,
        typeof meaning === "string" ? { description: meaning } : meaning,
      ]),
    ) as Record<Name, MetricDescription>,
    log: (values) => {
      const given = Object.entries<number | undefined>(values).filter(
        (entry): entry is [string, number] => entry[1] !== undefined,
      );
      for (const [name, value] of given) checkValue(names, name, value);
      if (given.length === 0) return;
      const line = `${given.map(([name, value]) => toMetricText(name, value)).join(" ")}\n`;
      if (write === undefined) writeLines(STDOUT, line);
      else write(line);
    },
  };
};

const toDefinition = (name: string): MetricDefinition => {
  if (name.length > MAX_METRIC_NAME_CHARACTERS || !/^[A-Za-z0-9_.:/@%+()-]+$/.test(name)) {
    throw new MetricsError(
      "METRIC_NAME_INVALID",
      `${JSON.stringify(name)} cannot name a metric: use 1 to ${MAX_METRIC_NAME_CHARACTERS} letters, digits and _ - . : / @ % + ( )`,
    );
  }
  const regex = toMetricRegex(name);
  if (regex.length > MAX_METRIC_REGEX_CHARACTERS) {
    throw new MetricsError(
      "METRIC_REGEX_TOO_LONG",
      `the regular expression of ${JSON.stringify(name)} has ${regex.length} characters, and SageMaker takes ${MAX_METRIC_REGEX_CHARACTERS}: shorten the name, or use fewer of . + ( ), which count twice`,
    );
  }
  return { Name: name, Regex: regex };
};

const checkValue = (names: ReadonlySet<string>, name: string, value: unknown): void => {
  if (!names.has(name)) {
    throw new MetricsError(
      "METRIC_UNDECLARED",
      `${JSON.stringify(name)} is not a declared metric: declare it in defineMetrics, or use one of ${[...names].join(", ")}`,
    );
  }
  if (typeof value !== "number") {
    throw new MetricsError(
      "METRIC_NOT_A_NUMBER",
      `the metric ${JSON.stringify(name)} is ${value === null ? "null" : `a ${typeof value}`}: give a number, or undefined to leave it out`,
    );
  }
};
