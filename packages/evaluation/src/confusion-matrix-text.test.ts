import { expect, test } from "vitest";
import { evaluateClassification } from "./classification.ts";
import { formatConfusionMatrix } from "./confusion-matrix-text.ts";

test("the table has a line for each actual and a column for each predicted class", () => {
  const evaluation = evaluateClassification({
    classes: ["setosa", "花", "a label that is much too long\nfor a table"],
    actual: Int32Array.of(0, 0, 0, 1, 1, 2),
    predicted: Int32Array.of(0, 0, 1, 1, 2, 2),
  });
  expect(formatConfusionMatrix(evaluation)).toBe(
    [
      "                      predicted",
      "actual                setosa  花  a label that is muc…",
      "setosa                     2   1                     0",
      "花                         0   1                     1",
      "a label that is muc…       0   0                     1",
    ].join("\n"),
  );
});
