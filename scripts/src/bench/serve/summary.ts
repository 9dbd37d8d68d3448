import { median } from "../measure.ts";
import type { Contender } from "./contenders.ts";
import type { Visit } from "./solo.ts";
import { WORKERS } from "./contenders.ts";
import type { Round } from "./throughput.ts";

/** The middle, the least and the most of several runs. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** What full load with one payload gave. */
export interface ThroughputSummary {
  readonly requestsPerSecond: Spread;
  readonly cores: Spread;
  /** CPU time of all processes by request: what is left to compare when the machine was not alone. */
  readonly cpuMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly errors: number;
  /** Runs that were made again, and rounds that still left a worker without work. */
  readonly repeats: number;
  readonly lopsidedRounds: number;
  /** The most cores of the servers that were at work for others during a round. */
  readonly otherCores: number;
  /** The most connections that a round needed. */
  readonly connections: number;
}

/** What running alone gave. */
export interface SoloSummary {
  readonly startMs: Spread;
  readonly p50Ms: Spread;
  readonly p99Ms: Spread;
  readonly maxMs: Spread;
  readonly lateP99Ms: number;
  readonly requests: number;
  readonly failed: number;
  readonly otherCores: number;
  readonly idleMegabytes: Spread;
  readonly loadedMegabytes: Spread;
}

/** All figures of one contender. */
export interface Summary {
  readonly contender: Contender;
  /** By rows of the payload. */
  readonly throughput: ReadonlyMap<number, ThroughputSummary>;
  readonly solo: SoloSummary | undefined;
}

/** Sums the runs of a contender up. */
export const summarize = (
  contender: Contender,
  rounds: readonly Round[],
  visits: readonly Visit[],
): Summary => {
  const own = rounds.filter(({ id }) => id === contender.id);
  const sizes = [...new Set(own.map(({ rows }) => rows))];
  return {
    contender,
    throughput: new Map(
      sizes.map((size) => [size, sumRounds(own.filter(({ rows }) => rows === size))]),
    ),
    solo: sumVisits(visits.filter(({ id }) => id === contender.id)),
  };
};

const sumRounds = (rounds: readonly Round[]): ThroughputSummary => ({
  requestsPerSecond: toSpread(rounds.map((round) => round.requestsPerSecond)),
  cores: toSpread(rounds.map(({ cores }) => cores)),
  cpuMs: median(rounds.map((round) => (round.cores / round.requestsPerSecond) * 1000)),
  p50Ms: median(rounds.map(({ p50Ms }) => p50Ms)),
  p99Ms: median(rounds.map(({ p99Ms }) => p99Ms)),
  errors: add(rounds.map(({ errors }) => errors)),
  repeats: add(rounds.map(({ repeats }) => repeats)),
  lopsidedRounds: rounds.filter(({ busyProcesses }) => busyProcesses < WORKERS).length,
  otherCores: Math.max(...rounds.map(({ otherCores }) => otherCores)),
  connections: Math.max(...rounds.map(({ connections }) => connections)),
});

const sumVisits = (visits: readonly Visit[]): SoloSummary | undefined =>
  visits.length === 0
    ? undefined
    : {
        startMs: toSpread(visits.map(({ startMs }) => startMs)),
        p50Ms: toSpread(visits.map(({ p50Ms }) => p50Ms)),
        p99Ms: toSpread(visits.map(({ p99Ms }) => p99Ms)),
        maxMs: toSpread(visits.map(({ maxMs }) => maxMs)),
        lateP99Ms: Math.max(...visits.map(({ lateP99Ms }) => lateP99Ms)),
        otherCores: Math.max(...visits.map(({ otherCores }) => otherCores)),
        requests: add(visits.map(({ requests }) => requests)),
        failed: add(visits.map(({ failed }) => failed)),
        idleMegabytes: toSpread(visits.map(({ idleMegabytes }) => idleMegabytes)),
        loadedMegabytes: toSpread(visits.map(({ loadedMegabytes }) => loadedMegabytes)),
      };

/** The spread of some values, at least one. */
export const toSpread = (values: readonly number[]): Spread => ({
  median: median(values),
  min: Math.min(...values),
  max: Math.max(...values),
});

const add = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
