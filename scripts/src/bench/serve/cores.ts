import { readFileSync } from "node:fs";

/** Which cores run what, so that the load never takes time from what it measures. */
export interface Cores {
  /** As `taskset --cpu-list` takes them: `0,1`. */
  readonly servers: string;
  readonly load: string;
}

/** A program and its arguments. */
export type CommandLine = readonly [file: string, ...args: string[]];

/** Two cores for the servers and two for the load; undefined where this process may use fewer than four. */
export const chooseCores = (allowed: readonly number[] = readAllowedCores()): Cores | undefined =>
  allowed.length < 4
    ? undefined
    : { servers: allowed.slice(0, 2).join(","), load: allowed.slice(2, 4).join(",") };

/** The numbers of the cores that this process may use. */
export const readAllowedCores = (): number[] => {
  const status = readFileSync("/proc/self/status", "utf8");
  return parseCoreList(/^Cpus_allowed_list:\s+(\S+)/m.exec(status)?.[1] ?? "0");
};

/** Reads the kernel's way to write a list: `0-2,5` is 0, 1, 2, 5. */
export const parseCoreList = (text: string): number[] =>
  text.split(",").flatMap((part) => {
    const [first = 0, last = first] = part.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });

/** The command line that runs the given one on these cores; itself when there is no choice. */
export const pin = (cores: string | undefined, command: CommandLine): CommandLine =>
  cores === undefined ? command : ["taskset", "--cpu-list", cores, ...command];

/**
 * Begins to watch what runs on some cores, `0,1`, or on all of them.
 *
 * @returns A function that tells how many of them were at work since, on average.
 */
export const watchCores = (cores: string | undefined): (() => number) => {
  const numbers = cores === undefined ? readAllowedCores() : parseCoreList(cores);
  const [busyBefore, totalBefore] = readTicks(numbers);
  return () => {
    const [busy, total] = readTicks(numbers);
    return ((busy - busyBefore) / Math.max(1, total - totalBefore)) * numbers.length;
  };
};

/** Ticks at work and in all: user, nice, system, idle, iowait, irq, softirq, steal. */
const readTicks = (cores: readonly number[]): [busy: number, total: number] => {
  let [busy, all] = [0, 0];
  for (const line of readFileSync("/proc/stat", "utf8").split("\n")) {
    const core = /^cpu(\d+) /.exec(line)?.[1];
    if (core === undefined || !cores.includes(Number(core))) continue;
    const ticks = line.split(" ").slice(1, 9).map(Number);
    const total = ticks.reduce((sum, value) => sum + value, 0);
    all += total;
    busy += total - (ticks[3] ?? 0) - (ticks[4] ?? 0);
  }
  return [busy, all];
};
