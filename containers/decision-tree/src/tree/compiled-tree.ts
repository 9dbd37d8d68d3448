import type { ClassPredictions } from "@byoc/serve";
import type { Matrix } from "@byoc/table";
import { findMajority, isSplit, type Tree } from "./tree.ts";

/** A tree in flat arrays, node after node, the branch below first: a prediction follows indices, not objects. */
export interface CompiledTree {
  readonly classes: readonly string[];
  /** int32, for a split the index of its feature, for a leaf -1. */
  readonly columns: Int32Array;
  /** float64, for a split its threshold. */
  readonly thresholds: Float64Array;
  /** int32, for a split the node above its threshold (the one below comes next), for a leaf its class. */
  readonly targets: Int32Array;
  /** float64, nodes × classes: for a leaf the share of each class among its training rows. */
  readonly shares: Float64Array;
}

/** Lays the nodes of a tree out in flat arrays. */
export const compileTree = (root: Tree, classes: readonly string[]): CompiledTree => {
  const columns: number[] = [];
  const thresholds: number[] = [];
  const targets: number[] = [];
  const shares: number[] = [];
  const add = (node: Tree): number => {
    const index = columns.push(isSplit(node) ? node.column : -1) - 1;
    thresholds.push(isSplit(node) ? node.threshold : 0);
    targets.push(isSplit(node) ? -1 : findMajority(node.counts));
    shares.push(...(isSplit(node) ? classes.map(() => 0) : toShares(node.counts)));
    if (isSplit(node)) {
      add(node.below);
      targets[index] = add(node.above);
    }
    return index;
  };
  add(root);
  return {
    classes,
    columns: Int32Array.from(columns),
    thresholds: Float64Array.from(thresholds),
    targets: Int32Array.from(targets),
    shares: Float64Array.from(shares),
  };
};

/**
 * Predicts a class for each row.
 *
 * @param rows Rows × features, float64, as many features as the tree was trained on.
 * @returns for each row its class (int32), and unless only labels are asked for the shares of all classes in its leaf
 *   (float64, rows × classes)
 */
export const predictClasses = (
  tree: CompiledTree,
  rows: Matrix,
  isLabelsOnly = false,
): ClassPredictions => {
  const { classes, targets } = tree;
  const indices = new Int32Array(rows.rows);
  const probabilities = isLabelsOnly ? undefined : new Float64Array(rows.rows * classes.length);
  for (let row = 0; row < rows.rows; row++) {
    const leaf = findLeaf(tree, rows.values, row * rows.columns);
    indices[row] = targets[leaf]!;
    if (probabilities !== undefined) copyShares(tree, leaf, probabilities, row);
  }
  return { kind: "classes", classes, indices, probabilities };
};

const copyShares = (
  { classes, shares }: CompiledTree,
  leaf: number,
  probabilities: Float64Array,
  row: number,
): void => {
  for (let index = 0; index < classes.length; index++) {
    probabilities[row * classes.length + index] = shares[leaf * classes.length + index]!;
  }
};

const findLeaf = (
  { columns, thresholds, targets }: CompiledTree,
  values: Float64Array,
  offset: number,
): number => {
  let node = 0;
  let column = columns[0]!;
  while (column >= 0) {
    node = values[offset + column]! < thresholds[node]! ? node + 1 : targets[node]!;
    column = columns[node]!;
  }
  return node;
};

const toShares = (counts: readonly number[]): readonly number[] => {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => count / total);
};
