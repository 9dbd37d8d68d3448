import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { DecisionTreeClassifier } from "ml-cart";
import { afterAll, describe, expect, test } from "vitest";
import type { Dataset } from "./dataset.ts";
import { hyperparameters } from "./hyperparameters.ts";
import { estimateSeconds, fit, load, predict, save } from "./model.ts";
import { countLeaves, measureDepth } from "./tree/tree.ts";

const folder = mkdtempSync(path.join(tmpdir(), "model-"));

afterAll(() => rmSync(folder, { recursive: true }));

const settings = hyperparameters.read({});

const COLUMNS = 3;

/** Few different values, so that there are ties, duplicates and rows that no split can tell apart. */
const datasets = fc
  .array(
    fc.record({
      label: fc.integer({ min: 0, max: 2 }),
      cells: fc.array(fc.integer({ min: -3, max: 3 }), { minLength: COLUMNS, maxLength: COLUMNS }),
    }),
    { minLength: 1, maxLength: 60 },
  )
  .map((rows): Dataset => ({
    features: {
      values: Float64Array.from(rows.flatMap(({ cells }) => cells)),
      rows: rows.length,
      columns: COLUMNS,
    },
    labels: Int32Array.from(rows, ({ label }) => label),
    classes: ["a", "b", "c"],
    featureNames: undefined,
  }));

const toRows = ({ features: { values, rows, columns } }: Dataset): number[][] =>
  Array.from({ length: rows }, (_, row) => [
    ...values.subarray(row * columns, (row + 1) * columns),
  ]);

describe("a tree", () => {
  test("answers every row as ml-cart does, before it is saved and after it is loaded", async () => {
    await fc.assert(
      fc.asyncProperty(datasets, async (data) => {
        const model = await fit(data, settings);
        const answer = predict(model, data.features);
        if (data.labels.length > 1) {
          const classifier = new DecisionTreeClassifier({
            maxDepth: settings.max_depth,
            minNumSamples: settings.min_num_samples,
            gainThreshold: settings.gain_threshold,
          });
          classifier.train(toRows(data), [...data.labels]);
          expect([...answer.indices]).toEqual(classifier.predict(toRows(data)));
        }
        save(model, folder);
        expect(predict(load(folder), data.features)).toEqual(answer);
      }),
    );
  });

  test("gives shares that add up to 1, the largest of them to the class that it answers", async () => {
    await fc.assert(
      fc.asyncProperty(datasets, async (data) => {
        const { indices, probabilities = new Float64Array() } = predict(
          await fit(data, settings),
          data.features,
        );
        for (const [row, label] of indices.entries()) {
          const shares = [...probabilities.subarray(row * 3, row * 3 + 3)];
          expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
          expect(shares[label]).toBe(Math.max(...shares));
        }
      }),
    );
  });

  test("keeps to its hyperparameters", async () => {
    await fc.assert(
      fc.asyncProperty(datasets, fc.integer({ min: 1, max: 3 }), async (data, max_depth) => {
        const { tree } = await fit(data, { ...settings, max_depth });
        expect(measureDepth(tree)).toBeLessThanOrEqual(max_depth);
        const single = await fit(data, { ...settings, min_num_samples: data.labels.length });
        expect(countLeaves(single.tree)).toBe(1);
      }),
    );
  });
});

describe("a model folder", () => {
  const loadText = (text: string): unknown => {
    writeFileSync(path.join(folder, "model.json"), text);
    return load(folder);
  };

  test("that holds something else is refused with the reason", () => {
    expect(() => loadText("{")).toThrow(/^model\.json: this is not JSON/u);
    expect(() => loadText("null")).toThrow(
      "model.json: this is no model of the decision-tree container",
    );
    expect(() => loadText('{"format": "byoc-decision-tree", "version": 2}')).toThrow(
      "model.json: version 2 cannot be read, this container reads 1",
    );
  });

  test("that is empty, or holds the model one folder too deep, says so", () => {
    rmSync(path.join(folder, "model.json"), { force: true });
    expect(() => load(folder)).toThrow(/there is no model\.json in .*; has the training finished/u);
    mkdirSync(path.join(folder, "model"));
    writeFileSync(path.join(folder, "model/model.json"), "{}");
    expect(() => load(folder)).toThrow("model.tar.gz must hold the files themselves");
  });
});

test("the time of a training is estimated from its size", () => {
  const seconds = (rows: number): number =>
    estimateSeconds({ values: new Float64Array(), rows, columns: 10 });
  expect(seconds(150)).toBeLessThan(1);
  expect(seconds(8000)).toBe(36);
  expect(seconds(100_000)).toBeGreaterThan(1800);
});
