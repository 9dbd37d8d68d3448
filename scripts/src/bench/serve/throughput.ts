import { remark } from "../../cli/terminal.ts";
import { WORKERS } from "./contenders.ts";
import type { Cores } from "./cores.ts";
import type { Payload } from "./prepare.ts";
import { listTree } from "./process-tree.ts";
import type { RunningContender } from "./running.ts";
import { type LoadResult, runWrk } from "./wrk.ts";

/** How long and how often is measured. */
export interface ThroughputPlan {
  readonly rounds: number;
  readonly seconds: number;
  /** How often a contender whose connections all met one worker is run anew. */
  readonly tries: number;
  readonly cores: Cores | undefined;
}

/** One round of one contender. */
export interface Round extends LoadResult {
  readonly id: string;
  readonly rows: number;
  /** Runs that were thrown away before, since a worker had nothing to do. */
  readonly repeats: number;
  readonly connections: number;
}

/** Loads all contenders with all payloads, in turn inside each payload, while the others stand idle. */
export const measureThroughput = async (
  contenders: readonly RunningContender[],
  payloads: readonly Payload[],
  plan: ThroughputPlan,
): Promise<Round[]> => {
  const found: Round[] = [];
  for (const payload of payloads) {
    for (let index = 0; index < plan.rounds; index += 1) {
      for (const running of contenders) {
        const round = await runRound(running, payload, index, plan);
        found.push(round);
        remark(describe(round, index + 1));
      }
    }
  }
  return found;
};

const runRound = async (
  running: RunningContender,
  payload: Payload,
  index: number,
  { seconds, tries, cores }: ThroughputPlan,
): Promise<Round> => {
  let best: Round | undefined;
  for (let repeats = 0; repeats < tries; repeats += 1) {
    // Few connections can all meet the same worker each time; from the third try on there are more of them.
    const connections = payload.connections * (repeats < 2 ? 1 : repeats);
    const load = { payload, connections, cores };
    await runWrk(running, { ...load, seconds: Math.min(seconds, index === 0 ? 2 : 1) });
    const result = await runWrk(running, { ...load, seconds });
    const round = {
      ...result,
      id: running.contender.id,
      rows: payload.rows,
      repeats,
      connections,
    };
    if (result.requestsPerSecond > (best?.requestsPerSecond ?? 0)) best = { ...round, repeats };
    // A contender that is one process has nobody to share with.
    const canShare = listTree(running.pid).length >= WORKERS;
    if (result.busyProcesses >= WORKERS || !canShare) return round;
  }
  if (best === undefined) throw new Error(`${running.contender.id} was not run`);
  return { ...best, repeats: tries - 1 };
};

const describe = (
  {
    id,
    rows,
    requestsPerSecond,
    cores,
    otherCores,
    errors,
    p50Ms,
    p99Ms,
    busyProcesses,
    repeats,
  }: Round,
  number: number,
): string =>
  `${id.padEnd(15)} ${String(rows).padStart(6)} rows, round ${number}: ` +
  `${requestsPerSecond.toFixed(1).padStart(8)} requests/s, ${cores.toFixed(2)} cores in ${busyProcesses} processes (others ${otherCores.toFixed(1)}), ` +
  `p50 ${p50Ms.toFixed(2)} p99 ${p99Ms.toFixed(2)} ms, ${errors} errors${repeats > 0 ? `, repeated ${repeats} times` : ""}`;
