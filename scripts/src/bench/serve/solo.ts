import { setTimeout as sleep } from "node:timers/promises";
import { remark } from "../../cli/terminal.ts";
import type { Payload, PreparedContender } from "./prepare.ts";
import { compareCpu, listTree, measurePss } from "./process-tree.ts";
import { runLoad, startContender } from "./running.ts";
import type { SteadyOptions, SteadyResult } from "./steady-load.ts";
import { type Cores, watchCores } from "./cores.ts";
import { verifyLabels } from "./verify.ts";
import { runWrk } from "./wrk.ts";

/** Requests a second of the steady load. */
export const STEADY_PER_SECOND = 500;

/** One start of one contender while no other runs. */
export interface Visit extends SteadyResult {
  readonly id: string;
  /** To the first 200, in milliseconds. */
  readonly startMs: number;
  /** PSS of all its processes, in MB. */
  readonly idleMegabytes: number;
  readonly loadedMegabytes: number;
  /** Cores of the servers that were at work for others during the steady load; 0 where nothing is pinned. */
  readonly otherCores: number;
}

/** How long and how often is measured. */
export interface SoloPlan {
  readonly visits: number;
  /** Of the steady load. */
  readonly seconds: number;
  /** After it, payloads and seconds of full load, the same for every contender; then memory is read again. */
  readonly fullLoad: readonly { readonly payload: Payload; readonly seconds: number }[];
  readonly cores: Cores | undefined;
}

/** Starts each contender alone and in turn, and measures its start, its answers at a steady rate, and its memory. */
export const measureSolo = async (
  contenders: readonly PreparedContender[],
  plan: SoloPlan,
): Promise<Visit[]> => {
  const found: Visit[] = [];
  for (let index = 0; index < plan.visits; index += 1) {
    for (const prepared of contenders) {
      const visit = await visitContender(prepared, plan);
      found.push(visit);
      remark(describe(visit, index + 1));
    }
  }
  return found;
};

const visitContender = async (prepared: PreparedContender, plan: SoloPlan): Promise<Visit> => {
  const { fullLoad, cores } = plan;
  const running = await startContender(prepared, cores?.servers);
  try {
    await sleep(1000);
    const idleMegabytes = measurePss(running.pid);
    const payloads = fullLoad.map(({ payload }) => payload);
    await verifyLabels(running, payloads);
    const [first] = payloads;
    if (first === undefined) throw new Error("there is no payload to send");
    const before = listTree(running.pid);
    const readBusy = watchCores(cores?.servers);
    const began = performance.now();
    const steady = await runSteady(running.url, prepared, first, plan);
    const used = compareCpu(before, listTree(running.pid)).reduce((sum, value) => sum + value, 0);
    const otherCores = readBusy() - (used * 1000) / (performance.now() - began);
    for (const { payload, seconds } of fullLoad) {
      const load = { payload, seconds, connections: payload.connections, cores };
      await runWrk(running, load);
    }
    await sleep(1000);
    return {
      ...steady,
      id: prepared.contender.id,
      startMs: running.startMs,
      idleMegabytes,
      loadedMegabytes: measurePss(running.pid),
      otherCores: cores === undefined ? 0 : Math.max(0, otherCores),
    };
  } finally {
    await running.stop();
  }
};

const runSteady = async (
  url: string,
  { contender, bodyFile }: PreparedContender,
  payload: Payload,
  { seconds, cores }: SoloPlan,
): Promise<SteadyResult> => {
  const { path, contentType } = contender.protocol;
  const options: SteadyOptions = {
    port: Number(new URL(url).port),
    path,
    contentType,
    file: bodyFile(payload),
    perSecond: STEADY_PER_SECOND,
    warmUpSeconds: 2,
    seconds,
    expected: contender.role === "ceiling" ? "" : (payload.labels[0] ?? ""),
    isSpinning: cores !== undefined,
  };
  const program = new URL("steady-load.ts", import.meta.url).pathname;
  const command = [process.execPath, program, JSON.stringify(options)] as const;
  return JSON.parse(await runLoad(cores?.load, command, seconds + 60)) as SteadyResult;
};

const describe = (visit: Visit, number: number): string =>
  `${visit.id.padEnd(15)} alone, visit ${number}: first 200 after ${(visit.startMs / 1000).toFixed(2)} s; ` +
  `at ${STEADY_PER_SECOND}/s p50 ${visit.p50Ms.toFixed(2)} p99 ${visit.p99Ms.toFixed(2)} max ${visit.maxMs.toFixed(2)} ms, ` +
  `${visit.failed} of ${visit.requests} failed (late p99 ${visit.lateP99Ms.toFixed(3)} ms); ` +
  `PSS ${visit.idleMegabytes.toFixed(0)} -> ${visit.loadedMegabytes.toFixed(0)} MB (others ${visit.otherCores.toFixed(1)} cores)`;
