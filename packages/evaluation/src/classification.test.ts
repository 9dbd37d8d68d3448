import * as fc from "fast-check";
import { expect, test } from "vitest";
import { evaluateClassification } from "./classification.ts";

test("scores are those of scikit-learn", () => {
  const evaluation = evaluateClassification({
    classes: ["a", "b", "c"],
    actual: Int32Array.of(0, 0, 0, 1, 1, 2),
    predicted: Int32Array.of(0, 0, 1, 1, 2, 2),
  });
  expect(evaluation).toEqual({
    rows: 6,
    accuracy: 4 / 6,
    classes: [
      { label: "a", precision: 1, recall: 2 / 3, f1: 0.8, support: 3 },
      { label: "b", precision: 0.5, recall: 0.5, f1: 0.5, support: 2 },
      { label: "c", precision: 0.5, recall: 1, f1: 2 / 3, support: 1 },
    ],
    macro: {
      precision: 2 / 3,
      recall: expect.closeTo(0.7222222222222222, 12),
      f1: expect.closeTo(0.6555555555555556, 12),
    },
    confusionMatrix: {
      labels: ["a", "b", "c"],
      counts: [
        [2, 1, 0],
        [0, 1, 1],
        [0, 0, 1],
      ],
    },
  });
});

test("a class that neither occurs nor is predicted scores 0 and lowers the means", () => {
  const { classes, macro, accuracy } = evaluateClassification({
    classes: ["a", "b"],
    actual: Int32Array.of(0, 0),
    predicted: Int32Array.of(0, 0),
  });
  expect(accuracy).toBe(1);
  expect(classes[1]).toEqual({ label: "b", precision: 0, recall: 0, f1: 0, support: 0 });
  expect(macro).toEqual({ precision: 0.5, recall: 0.5, f1: 0.5 });
});

test("no rows and no classes score 0", () => {
  const empty = new Int32Array();
  expect(evaluateClassification({ classes: [], actual: empty, predicted: empty })).toEqual({
    rows: 0,
    accuracy: 0,
    classes: [],
    macro: { precision: 0, recall: 0, f1: 0 },
    confusionMatrix: { labels: [], counts: [] },
  });
});

test("arrays of different lengths and classes that do not exist are bugs", () => {
  const classes = ["a", "b"];
  const two = Int32Array.of(0, 1);
  expect(() =>
    evaluateClassification({ classes, actual: two, predicted: Int32Array.of(0) }),
  ).toThrow(new RangeError("1 predictions for 2 rows"));
  for (const wrong of [-1, 2]) {
    const predicted = Int32Array.of(0, wrong);
    expect(() => evaluateClassification({ classes, actual: two, predicted })).toThrow(RangeError);
    expect(() => evaluateClassification({ classes, actual: predicted, predicted: two })).toThrow(
      RangeError,
    );
  }
});

test("counts add up to the rows, scores lie between 0 and 1, and JSON brings all of it back", () => {
  const pair = fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 3 }));
  fc.assert(
    fc.property(fc.array(pair), (pairs) => {
      const evaluation = evaluateClassification({
        classes: ["a", "b", "c", "d"],
        actual: Int32Array.from(pairs, ([actual]) => actual),
        predicted: Int32Array.from(pairs, ([, predicted]) => predicted),
      });
      const counts = evaluation.confusionMatrix.counts.flat();
      expect(counts.reduce((total, count) => total + count, 0)).toBe(pairs.length);
      for (const { precision, recall, f1 } of [...evaluation.classes, evaluation.macro]) {
        for (const score of [precision, recall, f1]) {
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThanOrEqual(1);
        }
      }
      expect(JSON.parse(JSON.stringify(evaluation))).toEqual(evaluation);
    }),
  );
});
