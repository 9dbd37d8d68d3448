import { readdirSync, readFileSync } from "node:fs";

/** What one process holds. */
export interface Usage {
  /** Its share of memory in MiB: what it shares with others is divided by their number. */
  readonly pssMb: number;
  /** Open files, sockets among them. */
  readonly files: number;
}

/** Reads what a process holds; undefined when it is gone. */
export const readUsage = (id: number): Usage | undefined => {
  try {
    const rollup = readFileSync(`/proc/${id}/smaps_rollup`, "utf8");
    const kilobytes = Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1]);
    return { pssMb: kilobytes / 1024, files: countFiles(id) };
  } catch {
    return undefined;
  }
};

/** The number of files that a process has open. */
export const countFiles = (id: number): number => readdirSync(`/proc/${id}/fd`).length;

/** The middle one; NaN of none. */
export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
