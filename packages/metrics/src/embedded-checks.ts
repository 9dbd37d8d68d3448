import { MetricsError } from "./metrics-error.ts";

/** The most dimensions of one set. */
export const MAX_DIMENSIONS = 30;

/** Printable ASCII with a character that can be seen; the two lengths are those of CloudWatch's API. */
const NAME = /^(?=.*\S)[ -~]{1,255}$/;
const DIMENSION_VALUE = /^(?=.*\S)[ -~]{1,1024}$/;

/** The member of the line that holds the directives. */
const RESERVED_NAME = "_aws";

/** Milliseconds since 1970 have had thirteen digits since 2001; seconds have ten. */
const EARLIEST_MS = 1e12;

/** Throws EMF_NAMESPACE_INVALID unless CloudWatch takes the namespace for metrics of one's own. */
export const checkNamespace = (namespace: string): void => {
  if (/^(?=.*\S)(?!:|AWS\/)[0-9A-Za-z._/#: -]{1,255}$/.test(namespace)) return;
  throw new MetricsError(
    "EMF_NAMESPACE_INVALID",
    `${JSON.stringify(namespace)} cannot be a namespace: use 1 to 255 letters, digits, spaces and . - _ / # :, not beginning with AWS/ or a colon`,
  );
};

/** Throws EMF_NAME_INVALID for a name that CloudWatch refuses, or that the root of the line would hold twice. */
export const checkNames = (kinds: Readonly<Record<string, object>>): void => {
  const kindOf = new Map([[RESERVED_NAME, "the format itself"]]);
  for (const [kind, members] of Object.entries(kinds)) {
    for (const name of Object.keys(members)) {
      const other = kindOf.get(name);
      if (other !== undefined) {
        throw new MetricsError(
          "EMF_NAME_INVALID",
          `${JSON.stringify(name)} is used by ${kind} and by ${other}: rename one, since both stand at the root of the line`,
        );
      }
      if (kind !== "properties" && (!NAME.test(name) || name.startsWith(":"))) {
        throw new MetricsError(
          "EMF_NAME_INVALID",
          `${JSON.stringify(name)} in ${kind} cannot be a name: use 1 to 255 printable ASCII characters, no colon first`,
        );
      }
      kindOf.set(name, kind);
    }
  }
};

/** Throws EMF_DIMENSION_INVALID for a value or a set of names that CloudWatch refuses. */
export const checkDimensions = (
  dimensions: Readonly<Record<string, string>>,
  sets: readonly (readonly string[])[],
): void => {
  for (const [name, value] of Object.entries<unknown>(dimensions)) {
    if (typeof value === "string" && DIMENSION_VALUE.test(value)) continue;
    throw new MetricsError(
      "EMF_DIMENSION_INVALID",
      `the dimension ${JSON.stringify(name)} is ${toSample(value)}: give a text of 1 to 1024 printable ASCII characters, not all blank`,
    );
  }
  if (sets.length === 0) {
    throw new MetricsError(
      "EMF_DIMENSION_INVALID",
      "dimensionSets is empty: leave it out for one set of all dimensions, or give [[]] for none",
    );
  }
  for (const set of sets) checkSet(dimensions, set);
};

const checkSet = (dimensions: object, set: readonly string[]): void => {
  if (set.length > MAX_DIMENSIONS) {
    throw new MetricsError(
      "EMF_DIMENSION_INVALID",
      `a set has ${set.length} dimensions, and CloudWatch takes ${MAX_DIMENSIONS}: make the rest properties`,
    );
  }
  const unknown = set.find((name) => !Object.hasOwn(dimensions, name));
  if (unknown !== undefined) {
    throw new MetricsError(
      "EMF_DIMENSION_INVALID",
      `a set names ${JSON.stringify(unknown)}, which has no value: add it to dimensions`,
    );
  }
  if (new Set(set).size < set.length) {
    throw new MetricsError(
      "EMF_DIMENSION_INVALID",
      `the set ${JSON.stringify(set)} names a dimension twice: name it once`,
    );
  }
};

/** The timestamp as a whole number of milliseconds; throws EMF_TIMESTAMP_INVALID for what cannot be one. */
export const toMilliseconds = (timestamp: number | Date): number => {
  const timestampMs = Math.trunc(Number(timestamp));
  if (timestampMs >= EARLIEST_MS && Number.isSafeInteger(timestampMs)) return timestampMs;
  throw new MetricsError(
    "EMF_TIMESTAMP_INVALID",
    `the timestamp is ${String(timestamp)}: give milliseconds since 1970 (Date.now()), not seconds`,
  );
};

const toSample = (value: unknown): string =>
  typeof value === "string" ? JSON.stringify(value.slice(0, 80)) : typeof value;
