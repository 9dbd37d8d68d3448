import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CommandError } from "../../cli/command-error.ts";
import type { Cores } from "./cores.ts";
import type { Payload, PreparedContender } from "./prepare.ts";
import { listTree, signalProcesses } from "./process-tree.ts";
import { startContender } from "./running.ts";
import { runWrk } from "./wrk.ts";

/** How much time of a profile was spent in a function itself. */
export interface SelfTime {
  /** `parseCell csv.ts:41` */
  readonly name: string;
  /** 0 to 1, of all samples. */
  readonly share: number;
}

/** A profile as V8 writes it. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: {
      readonly functionName: string;
      readonly url: string;
      readonly lineNumber: number;
    };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Node's own --cpu-prof starts with the process and needs its orderly end; this takes the loaded part alone. */
const PROFILER = `data:text/javascript,${encodeURIComponent(`
import { Session } from "node:inspector";
import { writeFileSync } from "node:fs";
const session = new Session();
session.connect();
let isRunning = false;
process.on("SIGUSR2", () => {
  if (!isRunning) {
    isRunning = true;
    session.post("Profiler.enable");
    session.post("Profiler.setSamplingInterval", { interval: 200 });
    session.post("Profiler.start");
    return;
  }
  session.post("Profiler.stop", (error, result) => {
    if (error === null) writeFileSync(process.env.BYOC_PROFILE_DIR + "/" + process.pid + ".cpuprofile", JSON.stringify(result.profile));
  });
});`)}`;

/** Loads ours with one payload, and gives for each of its processes where the time went, the busiest first. */
export const profileOurs = async (
  prepared: PreparedContender,
  payload: Payload,
  { seconds, cores, dir }: { seconds: number; cores: Cores | undefined; dir: string },
): Promise<{ pid: number; busyShare: number; top: SelfTime[] }[]> => {
  await mkdir(dir, { recursive: true });
  const running = await startContender(prepared, cores?.servers, {
    NODE_OPTIONS: `--import=${PROFILER}`,
    BYOC_PROFILE_DIR: dir,
  });
  try {
    const load = { payload, connections: payload.connections, cores };
    await runWrk(running, { ...load, seconds: 2 });
    const tree = listTree(running.pid);
    signalProcesses(tree, "SIGUSR2");
    await runWrk(running, { ...load, seconds });
    signalProcesses(tree, "SIGUSR2");
    await waitForFiles(dir, tree.length);
  } finally {
    await running.stop();
  }
  const files = (await readdir(dir)).filter((name) => name.endsWith(".cpuprofile"));
  const profiles = await Promise.all(
    files.map(async (name) => {
      const profile = JSON.parse(await readFile(join(dir, name), "utf8")) as CpuProfile;
      const { busyShare, top } = sumSelfTime(profile);
      return { pid: Number.parseInt(name, 10), busyShare, top };
    }),
  );
  return profiles.toSorted((a, b) => b.busyShare - a.busyShare);
};

/** Adds up self time by function; waiting, which V8 calls (idle), is left out of the list. */
export const sumSelfTime = ({
  nodes,
  samples,
  timeDeltas,
}: CpuProfile): { busyShare: number; top: SelfTime[] } => {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameFrame(callFrame)]));
  const times = new Map<string, number>();
  let total = 0;
  for (const [index, id] of samples.entries()) {
    const name = names.get(id) ?? "?";
    const time = timeDeltas[index] ?? 0;
    times.set(name, (times.get(name) ?? 0) + time);
    total += time;
  }
  const busy = total - (times.get("(idle)") ?? 0);
  const top = [...times]
    // The profiler's own share is small, and no part of the server.
    .filter(([name]) => name !== "(idle)" && !name.includes(" node:inspector:"))
    .map(([name, time]) => ({ name, share: time / busy }))
    .toSorted((a, b) => b.share - a.share);
  return { busyShare: busy / total, top };
};

const nameFrame = ({
  functionName,
  url,
  lineNumber,
}: CpuProfile["nodes"][number]["callFrame"]): string => {
  const name = functionName === "" ? "(anonymous)" : functionName;
  const file = url.split(/[/\\]/).slice(-2).join("/");
  return file === "" ? name : `${name} ${file}:${lineNumber + 1}`;
};

const waitForFiles = async (dir: string, count: number): Promise<void> => {
  for (let tries = 0; tries < 100; tries += 1) {
    const found = await readdir(dir);
    if (found.filter((name) => name.endsWith(".cpuprofile")).length === count) {
      // The last one may still be written.
      await sleep(300);
      return;
    }
    await sleep(100);
  }
  throw new CommandError(`${count} processes were asked for a profile; not all of them wrote one`);
};
