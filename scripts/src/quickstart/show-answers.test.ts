import { expect, test } from "vitest";
import { showAnswers } from "./show-answers.ts";

test("rows run down the columns, each with its label, within 80 characters", () => {
  const rows = Array.from({ length: 30 }, () => "5.1,3.5,1.4,0.2");
  const labels = rows.map((_, index) => `l${index}`);
  const shown = showAnswers(rows.join("\n"), `${labels.join("\n")}\n`).split("\n");
  expect(shown).toHaveLength(10);
  expect(shown[0]?.match(/l\d+/g)).toEqual(["l0", "l10", "l20"]);
  expect(Math.max(...shown.map((line) => line.length))).toBeLessThanOrEqual(80);
});

test("a row too many is an error", () => {
  expect(() => showAnswers("1\n2\n", "a\n")).toThrow("2 rows were sent, 1 labels came back");
});
