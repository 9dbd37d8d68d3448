/** The end of a path: how many training rows of each class came here. */
export interface Leaf {
  /** One for each class; at least one of them is above 0. */
  readonly counts: readonly number[];
}

/** A question with two answers. */
export interface Split {
  /** Index of the feature. */
  readonly column: number;
  readonly threshold: number;
  /** For rows whose value is less than the threshold. */
  readonly below: Tree;
  /** For the other rows. */
  readonly above: Tree;
}

/** A decision tree as model.json holds it. */
export type Tree = Leaf | Split;

/** Tells the two kinds of nodes apart. */
export const isSplit = (node: Tree): node is Split => "column" in node;

/** Number of leaves, from 1. */
export const countLeaves = (node: Tree): number =>
  isSplit(node) ? countLeaves(node.below) + countLeaves(node.above) : 1;

/** Most splits from the root to a leaf, from 0. */
export const measureDepth = (node: Tree): number =>
  isSplit(node) ? 1 + Math.max(measureDepth(node.below), measureDepth(node.above)) : 0;

/** Index of the largest count; of equal ones the first. */
export const findMajority = (counts: readonly number[]): number =>
  counts.indexOf(Math.max(...counts));
