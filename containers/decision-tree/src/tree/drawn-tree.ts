/** The end of a path: what the tree predicts there. */
export interface DrawnLeaf {
  readonly label: string;
  /** The share of the leaf's training rows with that label, 0 to 1. */
  readonly share: number;
  /** The training rows that ended here. */
  readonly rows?: number;
}

/** A question about one feature, and what follows from the answer. */
export interface DrawnSplit {
  readonly feature: string;
  readonly threshold: number;
  /** For rows whose value is less than the threshold: the answer yes. */
  readonly below: DrawnNode;
  /** For rows whose value is the threshold or more: the answer no. */
  readonly above: DrawnNode;
}

/** A binary classification tree as a person sees it, whatever library grew it. */
export type DrawnNode = DrawnLeaf | DrawnSplit;

/** How many nodes a subtree has, itself included; trees as deep as they like. */
export const countNodes = (root: DrawnNode): number => {
  const open: DrawnNode[] = [root];
  let count = 0;
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    count++;
    if ("below" in node) open.push(node.below, node.above);
  }
  return count;
};
