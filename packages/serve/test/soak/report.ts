import type { SoakReport } from "./run-soak.ts";
import type { Samples } from "./samples.ts";

/** The last quarter may hold this much more than the second: the garbage of one collection. */
const TOLERANCE = 1.2;
const TOLERANCE_MB = 25;

/** What is wrong with a soak; none when it held up. */
export const findViolations = ({ tally, samples }: SoakReport): readonly string[] => {
  const found = [...tally.violations];
  const holders = ["pssMb", "parentPssMb", "oldestPssMb"] as const satisfies (keyof Samples)[];
  for (const name of holders) {
    const [, second = 0, , last = 0] = samples[name];
    if (last > second * TOLERANCE + TOLERANCE_MB) {
      found.push(`${name} grew from ${second.toFixed(0)} to ${last.toFixed(0)}`);
    }
  }
  return found;
};

/** A table for people. */
export const formatReport = ({ tally, samples, exitCode, stopMs }: SoakReport): string => {
  const rows: (readonly [string, string | number])[] = [
    ...[...tally.counts].toSorted(([a], [b]) => a.localeCompare(b)),
    ["workers killed", tally.killsMs.length],
    ["slowest ping", `${tally.slowestPingMs.toFixed(0)} ms`],
    ["SIGTERM to exit", `${stopMs.toFixed(0)} ms, exit code ${exitCode}`],
    ["memory by quarter (PSS, MiB), all processes", join(samples.pssMb)],
    ["parent", join(samples.parentPssMb)],
    ["oldest worker", join(samples.oldestPssMb)],
    ["open files of the parent by quarter", join(samples.parentFiles)],
  ];
  return rows.map(([name, value]) => `${name.padEnd(46)}${value}`).join("\n");
};

const join = (values: readonly number[]): string =>
  values.map((value) => value.toFixed(0)).join("  ");
