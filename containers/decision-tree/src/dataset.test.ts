import type { Channel } from "@byoc/opt-ml";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Dataset, nameFeatures, readDataset, splitStratified } from "./dataset.ts";
import { hyperparameters, type Settings } from "./hyperparameters.ts";

const channelOf = (text: string, name = "training"): Channel => ({
  name,
  inputMode: "File",
  contentType: "text/csv",
  isSharded: false,
  dir: undefined,
  async *sources() {
    yield {
      name: `${name}/data.csv`,
      async *stream() {
        yield Buffer.from(text);
      },
    };
  },
});

const settingsOf = (given: Record<string, string>): Settings => hyperparameters.read(given);

describe("classes", () => {
  test("are the labels as they were written, whatever order the rows have", async () => {
    const { classes, labels } = await readDataset(channelOf("b,1\na,2\nb,3\n"));
    expect(classes).toEqual(["a", "b"]);
    expect([...labels]).toEqual([1, 0, 1]);
  });

  test("that are numbers stand in the order of their values, and keep their text", async () => {
    const { classes } = await readDataset(channelOf("10,1\n9,1\n1.50,1\n"));
    expect(classes).toEqual(["1.50", "9", "10"]);
  });

  test("of evaluation data keep the indices that they have in the training data", async () => {
    const training = await readDataset(channelOf("b,1\na,2\n"));
    const { classes, labels } = await readDataset(channelOf("c,1\na,2\n", "test"), training);
    expect(classes).toEqual(["a", "b", "c"]);
    expect([...labels]).toEqual([2, 0]);
  });
});

describe("columns", () => {
  test("of evaluation data must be as many as in the training data", async () => {
    const training = await readDataset(channelOf("a,1,2\n"));
    await expect(readDataset(channelOf("a,1\n", "validation"), training)).rejects.toThrow(
      "validation: found 1 feature columns, expected 2 as in the training data",
    );
  });

  test("are named by the hyperparameter before the header", async () => {
    const data = await readDataset(channelOf("label,length,width\na,1,2\n"));
    expect(data.featureNames).toEqual(["length", "width"]);
    expect(nameFeatures(data, settingsOf({ feature_names: '["x", "y"]' })).featureNames).toEqual([
      "x",
      "y",
    ]);
    expect(() => nameFeatures(data, settingsOf({ feature_names: '["x"]' }))).toThrow(
      "hyperparameter feature_names has 1 names, the data has 2 feature columns",
    );
  });
});

describe("a stratified split", () => {
  const datasets = fc
    .array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 200 })
    .map((labels): Dataset => ({
      features: { values: Float64Array.from(labels.keys()), rows: labels.length, columns: 1 },
      labels: Int32Array.from(labels),
      classes: ["a", "b", "c", "d"],
      featureNames: undefined,
    }));
  const fractions = fc.double({ min: 0, max: 0.9, noNaN: true });

  const countOf = (data: Dataset, label: number): number =>
    data.labels.filter((of) => of === label).length;

  test("gives every row to one side, keeps a row of each class to learn from, and holds out the fraction", () => {
    fc.assert(
      fc.property(datasets, fractions, fc.nat(), (data, fraction, seed) => {
        const settings = { ...settingsOf({}), validation_fraction: fraction, seed };
        const [training, validation] = splitStratified(data, settings);
        const values = [...training.features.values, ...validation.features.values];
        expect(values.toSorted((a, b) => a - b)).toEqual([...data.features.values]);
        for (const label of new Set(data.labels)) {
          const [all, held] = [countOf(data, label), countOf(validation, label)];
          expect(countOf(training, label)).toBeGreaterThan(0);
          expect(held).toBe(Math.min(Math.round(all * fraction), all - 1));
        }
      }),
    );
  });

  test("depends on the seed and on nothing else", () => {
    const labels = Int32Array.from({ length: 100 }, (_, row) => row % 2);
    const features = { values: Float64Array.from(labels.keys()), rows: 100, columns: 1 };
    const data = { features, labels, classes: ["a", "b"], featureNames: undefined };
    const heldOut = (seed: number): readonly number[] => {
      const [, validation] = splitStratified(data, { ...settingsOf({}), seed });
      return [...validation.features.values];
    };
    expect(heldOut(1)).toEqual(heldOut(1));
    expect(heldOut(1)).not.toEqual(heldOut(2));
  });
});
