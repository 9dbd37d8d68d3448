import { type Goal, judgeGoals, show, showRows } from "./goals.ts";
import type { SoloSummary, Spread, Summary, ThroughputSummary } from "./summary.ts";

/** What the figures were taken on and with. */
export interface Circumstances {
  /** `2026-11-21` */
  readonly date: string;
  /** `4 × AMD EPYC …, 23 GB, Debian …` */
  readonly machine: string;
  /** How it was pinned, loaded and repeated. */
  readonly method: string;
  readonly versions: readonly string[];
}

/** The tables of figures and goals as Markdown. */
export const formatReport = (
  summaries: readonly Summary[],
  { date, machine, method, versions }: Circumstances,
): string => {
  const sizes = [...new Set(summaries.flatMap(({ throughput }) => [...throughput.keys()]))];
  const hasSolo = summaries.some(({ solo }) => solo !== undefined);
  const head = [
    "",
    ...sizes.map(showRows),
    ...(hasSolo ? ["500/s: p50 / p99 / max, ms", "first 200, s", "PSS idle → after load, MB"] : []),
  ];
  const lines = summaries.map(({ contender, throughput, solo }) => [
    contender.title,
    ...sizes.map((rows) => showThroughput(throughput.get(rows))),
    ...(hasSolo ? showSolo(solo) : []),
  ]);
  const goals = judgeGoals(summaries).map(toGoalLine);
  return [
    `Measured ${date} on ${machine}. ${method}`,
    "Requests per second: median [min–max]; cores used by all processes of the contender.",
    toTable(head, lines),
    ...showNotes(summaries),
    ...(sizes.length === 0 ? [] : showCosts(summaries, sizes)),
    toTable(["ours against", "ours", "other", "ratio", "asked for", ""], goals),
    `Versions: ${versions.join("; ")}.`,
  ]
    .filter((part) => part !== "")
    .join("\n\n")
    .concat("\n");
};

const showThroughput = (summary: ThroughputSummary | undefined): string => {
  if (summary === undefined) return "–";
  const { requestsPerSecond, cores, lopsidedRounds } = summary;
  const mark = lopsidedRounds > 0 ? " \\*" : "";
  return `${showSpread(requestsPerSecond)}; ${cores.median.toFixed(1)}${mark}`;
};

/** What a request costs the contender, and how long it took when as many came as it could answer. */
const showCosts = (summaries: readonly Summary[], sizes: readonly number[]): string[] => {
  const lines = summaries.map(({ contender, throughput }) => [
    contender.title,
    ...sizes.map((rows) => {
      const found = throughput.get(rows);
      if (found === undefined) return "–";
      return `${show(found.cpuMs)}; ${show(found.p50Ms)} / ${show(found.p99Ms)}`;
    }),
  ]);
  return [
    "The same runs: CPU time of all processes by request, ms; p50 / p99 at full load, ms.",
    toTable(["", ...sizes.map(showRows)], lines),
  ];
};

const showSolo = (solo: SoloSummary | undefined): string[] => {
  if (solo === undefined) return ["–", "–", "–"];
  const { p50Ms, p99Ms, maxMs, startMs, idleMegabytes, loadedMegabytes } = solo;
  const seconds = {
    median: startMs.median / 1000,
    min: startMs.min / 1000,
    max: startMs.max / 1000,
  };
  return [
    `${p50Ms.median.toFixed(2)} / ${showMs(p99Ms)} / ${maxMs.max.toFixed(1)}`,
    `${seconds.median.toFixed(2)} [${seconds.min.toFixed(2)}–${seconds.max.toFixed(2)}]`,
    `${idleMegabytes.median.toFixed(0)} → ${loadedMegabytes.median.toFixed(0)}`,
  ];
};

const showSpread = ({ median, min, max }: Spread): string =>
  `${show(median)} [${show(min)}–${show(max)}]`;

const showMs = ({ median, min, max }: Spread): string =>
  `${median.toFixed(2)} [${min.toFixed(2)}–${max.toFixed(2)}]`;

// Less is what the system itself does.
const NOTABLE_CORES = 0.2;

/** What a reader must know before comparing. */
const showNotes = (summaries: readonly Summary[]): string[] => {
  const notes = summaries.flatMap(({ contender, throughput, solo }) => [
    ...(solo === undefined ? [] : noteSolo(contender.id, solo)),
    ...[...throughput].flatMap(([rows, found]) =>
      noteThroughput(`- ${contender.id}, ${showRows(rows)}:`, found),
    ),
  ]);
  const rounds = summaries.flatMap(({ throughput }) => [...throughput.values()]);
  const alone = summaries.flatMap(({ solo }) => solo ?? []);
  if (rounds.length > 0 && rounds.every(({ errors }) => errors === 0)) {
    notes.push("- Full load: no error of any contender (connect, read, write, status, time-out).");
  }
  if (alone.length > 0) {
    const requests = alone.reduce((sum, each) => sum + each.requests, 0);
    const failed = alone.reduce((sum, each) => sum + each.failed, 0);
    const late = Math.max(...alone.map(({ lateP99Ms }) => lateP99Ms));
    notes.push(
      `- 500/s, 1 row: open loop from the scheduled time; ${failed} of ${requests.toLocaleString("en")} requests failed;` +
        ` the generator's own lateness at p99 ${late.toFixed(3)} ms at most.`,
    );
  }
  const others = Math.max(0, ...[...rounds, ...alone].map(({ otherCores }) => otherCores));
  notes.push(
    `- Others on the servers' cores: ${others.toFixed(1)} cores at most${others > NOTABLE_CORES ? "; **the machine was not quiet**" : ""}.`,
  );
  return [notes.join("\n")];
};

const noteSolo = (id: string, { failed, otherCores }: SoloSummary): string[] => [
  ...(failed > 0 ? [`- ${id}: ${failed} failed at 500/s`] : []),
  ...(otherCores > NOTABLE_CORES
    ? [`- ${id} at 500/s: others had up to ${otherCores.toFixed(1)} of its cores`]
    : []),
];

const noteThroughput = (
  where: string,
  { errors, repeats, lopsidedRounds, connections, otherCores }: ThroughputSummary,
): string[] => {
  const end = lopsidedRounds > 0 ? `; \\* ${lopsidedRounds} rounds without success` : "";
  return [
    ...(errors > 0 ? [`${where} ${errors} errors under full load`] : []),
    ...(repeats > 0
      ? [
          `${where} run again ${repeats} × since only one worker had work, with up to ${connections} connections${end}`,
        ]
      : []),
    ...(repeats === 0 && lopsidedRounds > 0 ? [`${where} \\* one process did it all`] : []),
    ...(otherCores > NOTABLE_CORES
      ? [`${where} others had up to ${otherCores.toFixed(1)} of its cores`]
      : []),
  ];
};

const toGoalLine = ({ text, ours, other, ratio, required, isMet }: Goal): string[] => {
  const verdict = isMet === undefined ? "not measured" : isMet ? "pass" : "**fail**";
  return [text, ours, other, ratio, required, verdict];
};

const toTable = (head: readonly string[], lines: readonly (readonly string[])[]): string =>
  [head, head.map((_, index) => (index === 0 ? "---" : "---:")), ...lines]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
