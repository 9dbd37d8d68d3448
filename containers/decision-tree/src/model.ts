import { writeFileSync } from "node:fs";
import path from "node:path";
import type { ClassPredictions, PredictContext } from "@byoc/serve";
import type { Matrix } from "@byoc/table";
import type { TreeNode } from "ml-cart";
import type { Dataset } from "./dataset.ts";
import type { Settings } from "./hyperparameters.ts";
import { type CompiledTree, compileTree, predictClasses } from "./tree/compiled-tree.ts";
import { formatModelFile, MODEL_FILE, type ModelFile, readModelFile } from "./tree/model-file.ts";
import type { Tree } from "./tree/tree.ts";

/** A trained tree, and how it came to be. */
export interface Model extends Omit<ModelFile, "format" | "version"> {
  readonly compiled: CompiledTree;
}

const LIBRARY = "ml-cart 2.1.1";

/**
 * Grows a tree on labelled rows.
 *
 * Rows of a single class, or a single row, give a tree that is one leaf.
 */
export const fit = async (data: Dataset, settings: Settings): Promise<Model> => {
  const tree = data.labels.length > 1 ? await grow(data, settings) : countRows(undefined, data);
  return {
    classes: data.classes,
    columns: data.features.columns,
    featureNames: data.featureNames ?? null,
    tree,
    training: { library: LIBRARY, rows: data.labels.length, hyperparameters: settings },
    compiled: compileTree(tree, data.classes),
  };
};

/** Writes model.json into the model folder. */
export const save = ({ compiled: _compiled, ...model }: Model, modelDir: string): void =>
  writeFileSync(path.join(modelDir, MODEL_FILE), formatModelFile(model));

/**
 * Reads model.json back; the loaded model predicts what the saved one did.
 *
 * @throws InputError MODEL_MISSING or MODEL_FORMAT
 */
export const load = (modelDir: string): Model => {
  const { format: _format, version: _version, ...model } = readModelFile(modelDir);
  return { ...model, compiled: compileTree(model.tree, model.classes) };
};

/** Predicts the class of each row, and the share of every class among the training rows of its leaf. */
export const predict = (
  { compiled }: Model,
  rows: Matrix,
  { isLabelsOnly = false }: Partial<PredictContext> = {},
): ClassPredictions => predictClasses(compiled, rows, isLabelsOnly);

/**
 * How long ml-cart takes, in seconds: its time grows almost with the square of the rows.
 *
 * Fitted to 1,000 to 8,000 rows of 10 features on one core of a server: 8,000 rows take 36 s.
 */
export const estimateSeconds = ({ rows, columns }: Matrix): number =>
  36 * (rows / 8000) ** 1.75 * (columns / 10);

const grow = async (data: Dataset, settings: Settings): Promise<Tree> => {
  // Imported here: the server predicts without the library.
  const { DecisionTreeClassifier } = await import("ml-cart");
  const classifier = new DecisionTreeClassifier({
    gainFunction: "gini",
    maxDepth: settings.max_depth,
    minNumSamples: settings.min_num_samples,
    gainThreshold: settings.gain_threshold,
  });
  const rows = Array.from(data.labels, (_label, row) => toRow(data.features, row));
  classifier.train(rows, Array.from(data.labels));
  return countRows(classifier.root, data);
};

const toRow = ({ values, columns }: Matrix, row: number): number[] =>
  Array.from(values.subarray(row * columns, (row + 1) * columns));

/**
 * Takes the splits of ml-cart's nodes, and counts the training rows in each leaf anew: its own shares are sums of 1/n,
 * which do not add up to exactly 1.
 */
const countRows = (
  node: TreeNode | undefined,
  data: Dataset,
  rows: Int32Array = Int32Array.from(data.labels.keys()),
): Tree => {
  if (node?.left === undefined || node.right === undefined) {
    const counts = data.classes.map(() => 0);
    for (const row of rows) counts[data.labels[row]!]! += 1;
    return { counts };
  }
  const { splitColumn: column = 0, splitValue: threshold = 0 } = node;
  const { values, columns } = data.features;
  const isBelow = (row: number): boolean => values[row * columns + column]! < threshold;
  return {
    column,
    threshold,
    below: countRows(node.left, data, rows.filter(isBelow)),
    above: countRows(
      node.right,
      data,
      rows.filter((row) => !isBelow(row)),
    ),
  };
};
