import { expect, test } from "vitest";
import { runInTerminal, toScreen } from "../test/run-in-terminal.ts";
import { hasPython, runScript } from "../test/run-script.ts";
import { defineMetrics } from "./define-metrics.ts";
import { createProgress } from "./progress.ts";

/** The lines of work of 1000 rows that take `rowMs` each, by a clock that the test moves. */
const linesOf = (rowMs: number, { rows = 1000, startAt = 0 } = {}): string[] => {
  const lines: string[] = [];
  let nowMs = 0;
  const progress = createProgress({
    label: "training",
    total: 1000,
    unit: "rows",
    startAt,
    now: () => nowMs,
    write: (line) => lines.push(line.trimEnd()),
  });
  for (let row = startAt + 1; row <= rows; row++) {
    nowMs += rowMs;
    progress.update(row);
  }
  progress.finish();
  return lines;
};

test("work that ends within a second gets one line", () => {
  expect(linesOf(0.5)).toEqual(["training: 1000/1000 rows in 0.5 s"]);
});

test("each tenth gets a line, with the time left", () => {
  const lines = linesOf(20);
  expect(lines).toHaveLength(11);
  expect(lines.slice(0, 2)).toEqual([
    "training: 10%, 100/1000 rows, 18 s left",
    "training: 20%, 200/1000 rows, 16 s left",
  ]);
  expect(lines.at(-1)).toBe("training: 1000/1000 rows in 20 s");
});

test("tenths that pass quickly get no more than a line in a second", () => {
  expect(linesOf(3)).toEqual([
    "training: 33%, 334/1000 rows, 2 s left",
    "training: 66%, 668/1000 rows, 1 s left",
    "training: 1000/1000 rows in 3 s",
  ]);
});

test("slow work gets a line every ten seconds", () => {
  expect(linesOf(1_000, { rows: 25 })).toEqual([
    "training: 1%, 10/1000 rows, 16 min 30 s left",
    "training: 2%, 20/1000 rows, 16 min 20 s left",
    "training: 25/1000 rows in 25 s",
  ]);
});

test("resumed work reckons with what this run has done", () => {
  expect(linesOf(20, { startAt: 800 })).toEqual([
    "training: 90%, 900/1000 rows, 2 s left",
    "training: 100%, 1000/1000 rows, 0 s left",
    "training: 1000/1000 rows in 4 s",
  ]);
});

test("no line of progress is caught as a metric, and labels stay on one line", () => {
  const lines: string[] = [];
  const { definitions } = defineMetrics({ training: "any", rows: "any" });
  const progress = createProgress({
    label: "train\n\u001B[31ming",
    total: 0,
    write: (line) => lines.push(line),
  });
  progress.finish();
  expect(lines).toEqual(["train ing: 0/0 in 0 s\n"]);
  for (const { Regex } of definitions)
    expect(linesOf(20).join("\n")).not.toMatch(new RegExp(Regex));
});

test("finish counts once, and using calls it", () => {
  const lines: string[] = [];
  {
    using progress = createProgress({
      label: "training",
      total: 2,
      now: () => 0,
      write: (line) => lines.push(line),
    });
    progress.update(2);
    progress.finish();
    progress.finish();
    progress.update(1);
  }
  expect(lines).toEqual(["training: 2/2 in 0 s\n"]);
});

test.each([-1, NaN, Infinity])("a total of %d is refused", (total) => {
  expect(() => createProgress({ label: "training", total })).toThrow(
    expect.objectContaining({ code: "PROGRESS_TOTAL_INVALID" }),
  );
});

const WORK = `
  import { createProgress, defineMetrics, log } from "./src/index.ts";
  const metrics = defineMetrics({ epoch: "any", loss: "any" });
  const progress = createProgress({ label: "training", total: 4, unit: "epochs" });
  for (let epoch = 1; epoch <= 4; epoch++) {
    await new Promise((resolve) => setTimeout(resolve, 110));
    progress.update(epoch);
    metrics.log({ epoch, loss: 1 / epoch });
    if (epoch === 2) log.warn("slow");
  }
`;
const ABOVE = [
  "epoch=1; loss=1;",
  "epoch=2; loss=0.5;",
  "warning: slow",
  "epoch=3; loss=0.333333;",
  "epoch=4; loss=0.25;",
];

test("a log gets plain lines, without a control character", () => {
  const { stdout } = runScript(`${WORK} progress.finish();`);
  const lines = stdout.trimEnd().split("\n");
  expect(lines.filter((line) => line.startsWith("epoch"))).toEqual(
    ABOVE.filter((line) => line.startsWith("epoch")),
  );
  expect(lines.at(-1)).toMatch(/^training: 4\/4 epochs in [\d.]+ s$/);
  expect(stdout.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
});

test.skipIf(!hasPython)(
  "in a terminal, metrics and logs appear above the bar, which gives way to the last line",
  () => {
    const underWay = runInTerminal(WORK);
    expect(toScreen(underWay)).toEqual([
      ...ABOVE,
      expect.stringMatching(/^training 100% \[#{30,40}\] 4\/4 epochs, 0 s left$/),
    ]);
    expect(underWay).toContain("\u001B[32m");
    expect(toScreen(runInTerminal(`${WORK} progress.finish();`))).toEqual([
      ...ABOVE,
      expect.stringMatching(/^training: 4\/4 epochs in [\d.]+ s$/),
      "",
    ]);
  },
);

test.skipIf(!hasPython)(
  "the bar is as narrow as the terminal, and has no colour with NO_COLOR",
  () => {
    const received = runInTerminal(WORK, { columns: 30, env: { NO_COLOR: "1" } });
    expect(toScreen(received).at(-1)).toBe("training 100% [#############]");
    expect(received).not.toMatch(/\[\d+m/);
  },
);

test.skipIf(!hasPython)("a terminal that cannot go back gets plain lines", () => {
  expect(runInTerminal(`${WORK} progress.finish();`, { env: { TERM: "dumb" } })).not.toContain(
    "\u001B",
  );
});
