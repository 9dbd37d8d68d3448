import { readdirSync, readFileSync } from "node:fs";

/** A process of this machine, as /proc has it. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  /** User and system time since its start, in seconds, in steps of 10 ms. */
  readonly cpuSeconds: number;
  /** Clock ticks from boot to its start: with the pid, its identity. */
  readonly startTicks: number;
}

// USER_HZ, which every Linux port of today has at 100.
const TICKS_PER_SECOND = 100;

/** Every process of this machine that has not ended. */
export const listProcesses = (): ProcessEntry[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readEntry(Number(name)))
    .filter((entry) => entry !== undefined);

/**
 * A process and everything that it started, directly or not; empty when it has ended.
 *
 * @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
export const listTree = (rootPid: number): ProcessEntry[] => {
  const all = listProcesses();
  const tree = all.filter(({ pid }) => pid === rootPid);
  // Grows while it is walked.
  for (const { pid } of tree) tree.push(...all.filter(({ parent }) => parent === pid));
  return tree;
};

/** The memory of a tree of processes in MB (1,000,000 bytes): pages that several share are counted once (PSS). */
export const measurePss = (rootPid: number): number =>
  listTree(rootPid).reduce((sum, { pid }) => sum + readPss(pid), 0);

/** CPU time that each process of a tree used between two looks at it, in seconds, the busiest first. */
export const compareCpu = (
  before: readonly ProcessEntry[],
  after: readonly ProcessEntry[],
): number[] => {
  const earlier = new Map(before.map(({ pid, cpuSeconds }) => [pid, cpuSeconds]));
  return after
    .map(({ pid, cpuSeconds }) => cpuSeconds - (earlier.get(pid) ?? 0))
    .toSorted((a, b) => b - a);
};

/** Those that have not ended; a number that has gone to another process since counts as ended. */
export const listAlive = (entries: readonly ProcessEntry[]): ProcessEntry[] =>
  entries.filter(({ pid, startTicks }) => readEntry(pid)?.startTicks === startTicks);

/** Sends a signal to those that have not ended. */
export const signalProcesses = (entries: readonly ProcessEntry[], signal: NodeJS.Signals): void => {
  for (const { pid } of listAlive(entries)) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended meanwhile.
    }
  }
};

const readEntry = (pid: number): ProcessEntry | undefined => {
  const text = readProc(pid, "stat");
  if (text === undefined) return undefined;
  // The name stands in brackets and may hold anything; the third field follows the last bracket.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  // A zombie has ended; only its parent has not looked yet.
  if (fields[0] === "Z" || fields[0] === "X") return undefined;
  const field = (number: number): number => Number(fields[number - 3]);
  return {
    pid,
    parent: field(4),
    cpuSeconds: (field(14) + field(15)) / TICKS_PER_SECOND,
    startTicks: field(22),
  };
};

const readPss = (pid: number): number => {
  const kilobytes = /^Pss:\s+(\d+) kB/m.exec(readProc(pid, "smaps_rollup") ?? "")?.[1];
  return (Number(kilobytes ?? 0) * 1024) / 1e6;
};

const readProc = (pid: number, file: string): string | undefined => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return undefined;
  }
};
