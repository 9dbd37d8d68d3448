import { readFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import { showBytes } from "../../cli/terminal.ts";
import { type Cores, readAllowedCores } from "./cores.ts";
import type { Options } from "./options.ts";
import type { Payload, PreparedContender } from "./prepare.ts";
import { type Circumstances, formatReport } from "./report.ts";
import { type RunningContender, startContender } from "./running.ts";
import { measureSolo } from "./solo.ts";
import { summarize } from "./summary.ts";
import { measureThroughput, type Round } from "./throughput.ts";
import { readVersion } from "./tools.ts";
import { verifyLabels } from "./verify.ts";

/** What memory is read after, beside the steady load; the same for all. */
export const FULL_LOAD: readonly { readonly rows: number; readonly seconds: number }[] = [
  { rows: 1, seconds: 2 },
  { rows: 1000, seconds: 2 },
  { rows: 30_000, seconds: 4 },
];

/** How long and how often, and on which cores. */
export interface ComparisonPlan extends Pick<
  Options,
  "payloads" | "seconds" | "rounds" | "visits" | "tries"
> {
  readonly cores: Cores | undefined;
}

/** Measures each contender alone and then all in turn, and gives the report. */
export const compare = async (
  prepared: readonly PreparedContender[],
  payloads: readonly Payload[],
  plan: ComparisonPlan,
): Promise<string> => {
  const { rounds, visits, seconds, tries, cores } = plan;
  const find = (rows: number): Payload[] => payloads.filter((payload) => payload.rows === rows);
  const fullLoad = FULL_LOAD.flatMap(({ rows, seconds: most }) =>
    find(rows).map((payload) => ({ payload, seconds: Math.min(most, seconds) })),
  );
  const alone = await measureSolo(prepared, { visits, seconds, fullLoad, cores });
  let inTurn: readonly Round[] = [];
  if (rounds > 0) {
    await withAll(prepared, cores?.servers, async (running) => {
      const measured = plan.payloads.flatMap(find);
      const throughputPlan = { rounds, seconds, tries, cores };
      inTurn = await measureThroughput(running, measured, throughputPlan);
      // The load looks at the status alone; whether the answers are still right is asked once more.
      for (const each of running) await verifyLabels(each, payloads);
    });
  }
  const summaries = prepared.map(({ contender }) => summarize(contender, inTurn, alone));
  return formatReport(summaries, await describe(prepared, plan));
};

/** Runs `use` with all contenders up, and stops them. */
export const withAll = async (
  prepared: readonly PreparedContender[],
  cores: string | undefined,
  use: (running: readonly RunningContender[]) => Promise<void>,
): Promise<void> => {
  const running: RunningContender[] = [];
  try {
    for (const each of prepared) running.push(await startContender(each, cores));
    await use(running);
  } finally {
    await Promise.all(running.map((each) => each.stop()));
  }
};

const describe = async (
  prepared: readonly PreparedContender[],
  { cores, rounds, visits, seconds }: ComparisonPlan,
): Promise<Circumstances> => ({
  date: new Date().toISOString().slice(0, 10),
  machine: await describeMachine(),
  method: [
    cores === undefined ? "Nothing pinned." : "Servers on 2 cores, the load on 2 others.",
    `2 workers each. Full load: wrk, ${rounds} × ${seconds} s after a warm-up, contenders in turn;`,
    `steady load (${seconds} s), start and memory: ${visits} × with only that contender running.`,
  ].join(" "),
  versions: [
    `Node.js ${process.version}`,
    await readVersion("wrk"),
    ...(prepared.some(({ contender }) => contender.needsNginx) ? [await readVersion("nginx")] : []),
    ...new Set(prepared.flatMap(({ versions }) => versions ?? [])),
  ],
});

const describeMachine = async (): Promise<string> => {
  const system = await readFile("/etc/os-release", "utf8").catch(() => "");
  const name = /^PRETTY_NAME="(.*)"$/m.exec(system)?.[1] ?? process.platform;
  const model = cpus()[0]?.model.trim();
  return `${readAllowedCores().length} cores of ${model}, ${showBytes(totalmem())}, ${name}`;
};
