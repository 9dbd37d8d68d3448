import { drawTreeAsSvg } from "./tree-svg.ts";
import { drawTreeAsText } from "./tree-text.ts";
import type { DrawnNode } from "./drawn-tree.ts";
import type { ModelFile } from "./model-file.ts";
import { findMajority, isSplit, type Tree } from "./tree.ts";

/** The tree for a terminal and as a picture. */
export const drawTree = ({
  tree,
  classes,
  featureNames,
}: Pick<ModelFile, "tree" | "classes" | "featureNames">): { text: string; svg: string } => {
  const nameOf = (column: number): string => featureNames?.[column] ?? `feature ${column + 1}`;
  const root = toDrawnNode(tree, classes, nameOf);
  return {
    text: drawTreeAsText(root),
    svg: drawTreeAsSvg(root, { title: "Decision tree", classes }),
  };
};

const toDrawnNode = (
  node: Tree,
  classes: readonly string[],
  nameOf: (column: number) => string,
): DrawnNode => {
  if (isSplit(node)) {
    return {
      feature: nameOf(node.column),
      threshold: node.threshold,
      below: toDrawnNode(node.below, classes, nameOf),
      above: toDrawnNode(node.above, classes, nameOf),
    };
  }
  const rows = node.counts.reduce((sum, count) => sum + count, 0);
  const majority = findMajority(node.counts);
  return { label: classes[majority] ?? "", share: (node.counts[majority] ?? 0) / rows, rows };
};
