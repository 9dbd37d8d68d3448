import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

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

/** How many cores of this machine are at work, over some time: what else runs while nothing is measured. */
export const measureBusyCores = async (ms: number): Promise<number> => {
  const [busyBefore, totalBefore] = readTicks();
  await sleep(ms);
  const [busy, total] = readTicks();
  const cores = readFileSync("/proc/stat", "utf8").match(/^cpu\d+/gm) ?? [];
  return ((busy - busyBefore) / Math.max(1, total - totalBefore)) * cores.length;
};

/** Ticks at work and in all, over all cores: user, nice, system, idle, iowait, irq, softirq, steal. */
const readTicks = (): [busy: number, total: number] => {
  const line = readFileSync("/proc/stat", "utf8").split("\n", 1)[0] ?? "";
  const ticks = line.split(/\s+/).slice(1, 9).map(Number);
  const total = ticks.reduce((sum, value) => sum + value, 0);
  return [total - (ticks[3] ?? 0) - (ticks[4] ?? 0), total];
};
