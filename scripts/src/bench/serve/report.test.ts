import { expect, test } from "vitest";
import { CONTENDERS, type Contender } from "./contenders.ts";
import { judgeGoals, show } from "./goals.ts";
import { formatReport } from "./report.ts";
import type { Visit } from "./solo.ts";
import { summarize, type Summary } from "./summary.ts";
import type { Round } from "./throughput.ts";

const createRound = (id: string, requestsPerSecond: number, more: Partial<Round> = {}): Round => ({
  id,
  rows: 1,
  requestsPerSecond,
  errors: 0,
  p50Ms: 1,
  p99Ms: 2,
  cores: 1.9,
  otherCores: 0,
  busyProcesses: 2,
  repeats: 0,
  connections: 8,
  ...more,
});

const createVisit = (id: string, p99Ms: number, more: Partial<Visit> = {}): Visit => ({
  id,
  startMs: 200,
  idleMegabytes: 100,
  loadedMegabytes: 120,
  requests: 4000,
  failed: 0,
  p50Ms: 0.5,
  p99Ms,
  maxMs: 5,
  lateP99Ms: 0.01,
  otherCores: 0,
  ...more,
});

const find = (id: string): Contender => CONTENDERS.find((each) => each.id === id) as Contender;

const sum = (rounds: readonly Round[], visits: readonly Visit[]): Summary[] =>
  ["ours", "sample", "fastapi-hand", "node-http"].map((id) => summarize(find(id), rounds, visits));

const circumstances = { date: "2026-11-21", machine: "4 cores", method: "", versions: ["x 1"] };

test("each goal is judged by the medians, against the best of the peers", () => {
  const rounds = [
    ...[50_000, 44_000, 90_000].map((rate) => createRound("ours", rate)),
    createRound("sample", 1000),
    createRound("fastapi-hand", 5000),
    createRound("node-http", 60_000),
  ];
  const visits = [
    createVisit("ours", 1, { startMs: 300 }),
    createVisit("sample", 20, { startMs: 1300, idleMegabytes: 200, loadedMegabytes: 230 }),
    createVisit("fastapi-hand", 1.1),
    createVisit("node-http", 0.6),
  ];
  const goals = judgeGoals(sum(rounds, visits)).filter(({ isMet }) => isMet !== undefined);
  expect(goals.map(({ text, ratio, isMet }) => [text, ratio, isMet])).toEqual([
    ["AWS sample: 1 row, requests/s", "50×", true],
    ["best peer: 1 row, requests/s", "10×", true],
    ["bare node:http: 1 row, requests/s", "0.833×", true],
    ["best peer: p99 at 500/s, ms", "0.909×", true],
    ["bare node:http: p99 at 500/s, ms", "1.67×", false],
    ["requests of ours that failed, all runs", "", true],
    ["AWS sample: start to the first 200, ms", "0.231×", true],
    ["AWS sample: memory idle, PSS in MB", "0.5×", true],
    ["AWS sample: memory after the same load, PSS in MB", "0.522×", false],
  ]);
});

test("what was left out is not judged, and every contender has its line", () => {
  const report = formatReport(sum([createRound("ours", 1000)], []), circumstances);
  expect(report).toContain("| **this container** | 1,000 [1,000–1,000]; 1.9 |");
  expect(report).toContain("| FastAPI, uvicorn, split by hand | – |");
  expect(report).toContain("| best peer: 1 row, requests/s |  |  |  | ≥ 7× | not measured |");
  expect(report).not.toContain("PSS idle →");
});

test("errors, failures and workers without work are said", () => {
  const rounds = [
    createRound("ours", 1000, { errors: 3 }),
    createRound("sample", 10, { busyProcesses: 1, repeats: 4, connections: 32, rows: 30_000 }),
  ];
  const summaries = sum(rounds, [createVisit("ours", 1, { failed: 2 })]);
  const report = formatReport(summaries, circumstances);
  expect(report).toContain("- ours, 1 row: 3 errors under full load");
  expect(report).toContain("- ours: 2 failed at 500/s");
  expect(report).toContain("- sample, 30,000 rows: run again 4 × since only one worker had work");
  expect(report).not.toContain("no error of any contender");
  const failures = judgeGoals(summaries).find(({ text }) => text.includes("failed"));
  expect(failures).toMatchObject({ ours: "5", isMet: false });
});

test("a machine that was not quiet is said", () => {
  const quiet = formatReport(sum([createRound("ours", 1000)], []), circumstances);
  expect(quiet).not.toContain("not quiet");
  const busy = sum([createRound("ours", 1000, { otherCores: 0.9 })], []);
  const report = formatReport(busy, circumstances);
  expect(report).toContain("- ours, 1 row: others had up to 0.9 of its cores");
  expect(report).toContain("0.9 cores at most; **the machine was not quiet**");
});

test("numbers are shown in three digits", () => {
  expect([58_606.4, 951.6, 73.84, 7.5, 40, 0.25].map((value) => show(value))).toEqual([
    "58,606",
    "952",
    "73.8",
    "7.5",
    "40",
    "0.25",
  ]);
});
