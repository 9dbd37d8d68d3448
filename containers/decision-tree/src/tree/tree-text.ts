import { countHidden, cutTree, type DrawingLimits, type ShownNode } from "./cut-tree.ts";
import type { DrawnNode } from "./drawn-tree.ts";
import { formatHidden, formatName, formatQuestion, formatShare } from "./node-text.ts";

/**
 * A tree as a person reads it in a terminal: a line for each node, yes before no.
 *
 * A leaf whose training rows do not all have its label says which share has. What is beyond the limits is counted where
 * it was left out, and once more in the last line. The text ends without a line end.
 *
 * @example
 * petal length < 2.45
 * ├─ yes: setosa
 * └─ no:  petal width < 1.75
 *    ├─ yes: versicolor (98 %)
 *    └─ no:  virginica
 */
export const drawTreeAsText = (root: DrawnNode, limits: DrawingLimits = {}): string => {
  const shown = cutTree(root, limits);
  const hidden = countHidden(shown);
  const note = hidden === 0 ? [] : ["", `(${hidden} nodes of the tree are not shown)`];
  return [...drawNode(shown, "", ""), ...note].join("\n");
};

/** The lines of a subtree: the first after `lead`, the ones below it after `indent`. */
const drawNode = (node: ShownNode, lead: string, indent: string): readonly string[] => {
  const line = lead + describeNode(node);
  if (!("below" in node)) return [line];
  return [
    line,
    ...drawNode(node.below, `${indent}├─ yes: `, `${indent}│  `),
    ...drawNode(node.above, `${indent}└─ no:  `, `${indent}   `),
  ];
};

const describeNode = (node: ShownNode): string => {
  if ("hidden" in node) return formatHidden(node.hidden);
  if ("below" in node) return formatQuestion(node);
  const share = node.share < 1 ? ` (${formatShare(node.share)})` : "";
  return formatName(node.label) + share;
};
