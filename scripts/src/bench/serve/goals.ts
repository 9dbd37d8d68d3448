import type { Summary } from "./summary.ts";

/** One thing that the comparison must show. */
export interface Goal {
  readonly text: string;
  /** Our figure and the one beside it, with unit and name; empty when it was not measured. */
  readonly ours: string;
  readonly other: string;
  /** `61×` or `0.83×`, and what is asked for: `≥ 40×`. */
  readonly ratio: string;
  readonly required: string;
  /** Undefined when a contender or a payload was left out. */
  readonly isMet: boolean | undefined;
}

/** A figure of a contender. */
interface Figure {
  readonly id: string;
  readonly value: number;
}

const AGAINST_SAMPLE = [
  [1, 40],
  [29, 40],
  [1000, 16],
  [30_000, 4],
] as const;

const AGAINST_BEST_PEER = [
  [1, 7],
  [29, 7],
  [1000, 5.5],
  [30_000, 3.5],
] as const;

/** Judges every goal of speed, start and memory by the medians. */
export const judgeGoals = (summaries: readonly Summary[]): Goal[] => {
  const peers = summaries.filter(({ contender }) => contender.role === "peer");
  const find = (id: string): Summary[] => summaries.filter(({ contender }) => contender.id === id);
  const [ours, sample, node] = [find("ours"), find("sample"), find("node-http")];
  const steadyP99 = (from: readonly Summary[]): Figure[] =>
    take(from, ({ solo }) => solo?.p99Ms.median);
  const rate = (from: readonly Summary[], rows: number): Figure[] =>
    take(from, ({ throughput }) => throughput.get(rows)?.requestsPerSecond.median);

  const compareRates = (
    name: string,
    against: readonly Summary[],
    [rows, least]: readonly [number, number],
  ): Goal =>
    compare({
      text: `${name}: ${showRows(rows)}, requests/s`,
      ours: rate(ours, rows)[0],
      other: findBest(rate(against, rows), -1),
      least,
    });
  return [
    ...AGAINST_SAMPLE.map((goal) => compareRates("AWS sample", sample, goal)),
    ...AGAINST_BEST_PEER.map((goal) => compareRates("best peer", peers, goal)),
    compareRates("bare node:http", node, [1, 0.8]),
    compare({
      text: "best peer: p99 at 500/s, ms",
      ours: steadyP99(ours)[0],
      other: findBest(steadyP99(peers), 1),
      most: 1,
    }),
    compare({
      text: "bare node:http: p99 at 500/s, ms",
      ours: steadyP99(ours)[0],
      other: steadyP99(node)[0],
      most: 1.5,
    }),
    judgeFailures(ours[0]),
    compare({
      text: "AWS sample: start to the first 200, ms",
      ours: take(ours, ({ solo }) => solo?.startMs.median)[0],
      other: take(sample, ({ solo }) => solo?.startMs.median)[0],
      most: 1 / 4,
    }),
    compare({
      text: "AWS sample: memory idle, PSS in MB",
      ours: take(ours, ({ solo }) => solo?.idleMegabytes.median)[0],
      other: take(sample, ({ solo }) => solo?.idleMegabytes.median)[0],
      most: 0.55,
    }),
    compare({
      text: "AWS sample: memory after the same load, PSS in MB",
      ours: take(ours, ({ solo }) => solo?.loadedMegabytes.median)[0],
      other: take(sample, ({ solo }) => solo?.loadedMegabytes.median)[0],
      most: 0.5,
    }),
  ];
};

const take = (from: readonly Summary[], read: (summary: Summary) => number | undefined): Figure[] =>
  from.flatMap((summary) => {
    const value = read(summary);
    return value === undefined ? [] : [{ id: summary.contender.id, value }];
  });

/** The smallest figure (1) or the largest (-1). */
const findBest = (figures: readonly Figure[], direction: 1 | -1): Figure | undefined =>
  figures.toSorted((a, b) => direction * (a.value - b.value))[0];

const compare = ({
  text,
  ours,
  other,
  least,
  most,
}: {
  readonly text: string;
  readonly ours: Figure | undefined;
  readonly other: Figure | undefined;
  readonly least?: number;
  readonly most?: number;
}): Goal => {
  const required = least === undefined ? `≤ ${show(most)}×` : `≥ ${show(least)}×`;
  if (ours === undefined || other === undefined) {
    return { text, ours: "", other: "", ratio: "", required, isMet: undefined };
  }
  const ratio = ours.value / other.value;
  return {
    text,
    ours: show(ours.value),
    other: `${show(other.value)} (${other.id})`,
    ratio: `${show(ratio)}×`,
    required,
    isMet: least === undefined ? ratio <= (most ?? 0) : ratio >= least,
  };
};

const judgeFailures = (ours: Summary | undefined): Goal => {
  const errors = [...(ours?.throughput.values() ?? [])].map((summary) => summary.errors);
  const failed = (ours?.solo?.failed ?? 0) + errors.reduce((sum, value) => sum + value, 0);
  return {
    text: "requests of ours that failed, all runs",
    ours: ours === undefined ? "" : String(failed),
    other: "",
    ratio: "",
    required: "0",
    isMet: ours === undefined ? undefined : failed === 0,
  };
};

/** `1 row`, `30,000 rows` */
export const showRows = (rows: number): string =>
  `${rows.toLocaleString("en")} ${rows === 1 ? "row" : "rows"}`;

/** A number in three digits that say something: `58,606`, `952`, `73.8`, `7.5`, `0.25`. */
export const show = (value: number = Number.NaN): string =>
  value >= 1000 ? Math.round(value).toLocaleString("en") : String(Number(value.toPrecision(3)));
