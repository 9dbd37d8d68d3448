import { join } from "node:path";
import { type Cores, watchCores } from "./cores.ts";
import { compareCpu, listTree } from "./process-tree.ts";
import type { Payload } from "./prepare.ts";
import { type RunningContender, runLoad } from "./running.ts";

/** What one run of wrk found. */
export interface LoadResult {
  readonly requestsPerSecond: number;
  /** Requests that failed in any way: connection, read, write, status, time-out. */
  readonly errors: number;
  /** Of the answers, in milliseconds; at saturation, as the load waits for each answer. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** CPU seconds of all processes of the contender by second of the run. */
  readonly cores: number;
  /** Cores of the servers that were at work for others meanwhile; 0 where nothing is pinned. */
  readonly otherCores: number;
  /** How many of its processes did at least a quarter of what the busiest did. */
  readonly busyProcesses: number;
}

/** The load of one run. */
export interface Load {
  readonly payload: Payload;
  readonly connections: number;
  readonly seconds: number;
  readonly cores: Cores | undefined;
}

/** The line that post.lua prints. */
interface WrkLine {
  readonly requests: number;
  readonly seconds: number;
  readonly connect: number;
  readonly read: number;
  readonly write: number;
  readonly status: number;
  readonly timeout: number;
  readonly p50: number;
  readonly p99: number;
}

// Anything below would be nginx beside its workers, or a parent that hands connections on.
const BUSY_SHARE = 0.25;

/** Loads a contender with one payload: each connection sends as soon as it has its answer. */
export const runWrk = async (
  { pid, url, contender, bodyFile }: RunningContender,
  { payload, connections, seconds, cores }: Load,
): Promise<LoadResult> => {
  const { path, contentType } = contender.protocol;
  const before = listTree(pid);
  const readBusy = watchCores(cores?.servers);
  const text = await runLoad(
    cores?.load,
    [
      "wrk",
      // As many threads as it has cores, so that the load is not what is measured.
      `--threads=${cores === undefined ? 1 : 2}`,
      `--connections=${connections}`,
      `--duration=${seconds}s`,
      "--timeout=10s",
      `--script=${join(import.meta.dirname, "post.lua")}`,
      `${url}${path}`,
      "--",
      bodyFile(payload),
      contentType,
    ],
    seconds + 30,
  );
  const used = compareCpu(before, listTree(pid));
  const busyCores = readBusy();
  const line = parseLine(text);
  const busiest = used[0] ?? 0;
  const ownCores = used.reduce((sum, cpuSeconds) => sum + cpuSeconds, 0) / line.seconds;
  return {
    requestsPerSecond: line.requests / line.seconds,
    errors: line.connect + line.read + line.write + line.status + line.timeout,
    p50Ms: line.p50,
    p99Ms: line.p99,
    cores: ownCores,
    otherCores: cores === undefined ? 0 : Math.max(0, busyCores - ownCores),
    busyProcesses: used.filter((cpuSeconds) => cpuSeconds >= busiest * BUSY_SHARE).length,
  };
};

const parseLine = (text: string): WrkLine =>
  JSON.parse(text.trimEnd().split("\n").at(-1) ?? "") as WrkLine;
