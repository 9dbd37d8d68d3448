import { expect, test } from "vitest";
import { toBarText, toDuration, toFinalLine, toProgressLine } from "./progress-text.ts";

const state = {
  label: "training",
  done: 450,
  total: 1000,
  unit: "rows",
  elapsedMs: 9_000,
  leftMs: 11_000,
};
const percentOf = (done: number, total: number) =>
  toProgressLine({ ...state, done, total, leftMs: undefined }).split(/[:,] /)[1];
const barAt = (columns: number) => toBarText(state, { columns, hasColour: false });

test("a line and a last line", () => {
  expect(toProgressLine(state)).toBe("training: 45%, 450/1000 rows, 11 s left");
  expect(toProgressLine({ ...state, unit: "", leftMs: undefined })).toBe("training: 45%, 450/1000");
  expect(toFinalLine(state)).toBe("training: 450/1000 rows in 9 s");
});

test("a bar fits the terminal, and gives up the time, the count and itself in turn", () => {
  expect(barAt(80)).toBe(
    "training  45% [#################---------------------] 450/1000 rows, 11 s left",
  );
  expect(barAt(60)).toBe("training  45% [########----------] 450/1000 rows, 11 s left");
  expect(barAt(45)).toBe("training  45% [######--------] 450/1000 rows");
  expect(barAt(30)).toBe("training  45% [#####--------]");
  expect(barAt(20)).toBe("training  45%");
  expect(barAt(6)).toBe("train");
  for (let columns = 0; columns < 200; columns++) {
    expect(barAt(columns).length).toBeLessThanOrEqual(Math.max(0, columns - 1));
  }
});

test("colour repeats what the characters say", () => {
  const coloured = toBarText(state, { columns: 30, hasColour: true });
  expect(coloured).toBe("training  45% [\u001B[32m#####\u001B[39m--------]");
});

test("a share is never more than all, and all is said of finished work only", () => {
  expect(percentOf(999, 1000)).toBe("99%");
  expect(percentOf(1001, 1000)).toBe("100%");
  expect(percentOf(-1, 1000)).toBe("0%");
  expect(percentOf(NaN, 1000)).toBe("0%");
  expect(percentOf(0, 0)).toBe("100%");
});

test.each([
  [0, "0 s"],
  [440, "0.4 s"],
  [12_000, "12 s"],
  [59_700, "1 min 0 s"],
  [200_000, "3 min 20 s"],
  [7_500_000, "2 h 5 min"],
  [360_000_000, "100 h 0 min"],
])("%d ms are %s", (durationMs, text) => {
  expect(toDuration(durationMs)).toBe(text);
});
