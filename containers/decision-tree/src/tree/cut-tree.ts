import { countNodes, type DrawnLeaf, type DrawnNode, type DrawnSplit } from "./drawn-tree.ts";

/** What stands for a subtree that is left out of a drawing. */
export interface HiddenNodes {
  readonly hidden: number;
}

/** A split of which both sides are shown or stand for what is left out. */
export interface ShownSplit extends Pick<DrawnSplit, "feature" | "threshold"> {
  readonly below: ShownNode;
  readonly above: ShownNode;
}

/** A tree small enough to draw. */
export type ShownNode = DrawnLeaf | ShownSplit | HiddenNodes;

/** How much of a tree is drawn. */
export interface DrawingLimits {
  /** The nodes that are drawn at most, 1 or more; 511 is a full tree of 256 leaves. */
  readonly maxNodes?: number;
  /** The splits on a path at most, 0 or more. */
  readonly maxDepth?: number;
}

/** Leaves out what is too much for a drawing: nodes near the root stay, each subtree left out becomes one mark. */
export const cutTree = (root: DrawnNode, limits: DrawingLimits = {}): ShownNode => {
  const shownSplits = chooseSplits(root, limits);
  const copy = (node: DrawnNode): ShownNode => {
    if (!("below" in node)) return node;
    if (!shownSplits.has(node)) return { hidden: countNodes(node) };
    const { feature, threshold, below, above } = node;
    return { feature, threshold, below: copy(below), above: copy(above) };
  };
  return copy(root);
};

/** The splits that are drawn: level by level from the root, as long as both of their sides fit too. */
const chooseSplits = (
  root: DrawnNode,
  { maxNodes = 511, maxDepth = 24 }: DrawingLimits,
): ReadonlySet<DrawnSplit> => {
  const chosen = new Set<DrawnSplit>();
  let level = [root];
  for (let depth = 0; depth < maxDepth && level.length > 0; depth++) {
    const next: DrawnNode[] = [];
    for (const node of level) {
      const nodes = 1 + 2 * chosen.size;
      if (!("below" in node) || nodes + 2 > maxNodes) continue;
      chosen.add(node);
      next.push(node.below, node.above);
    }
    level = next;
  }
  return chosen;
};

/** How many nodes of a tree were left out. */
export const countHidden = (node: ShownNode): number => {
  if ("hidden" in node) return node.hidden;
  return "below" in node ? countHidden(node.below) + countHidden(node.above) : 0;
};
