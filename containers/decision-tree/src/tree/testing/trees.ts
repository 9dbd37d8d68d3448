import * as fc from "fast-check";
import type { DrawnLeaf, DrawnNode, DrawnSplit } from "../drawn-tree.ts";

/** A leaf whose rows all have its label, unless told otherwise. */
export const leaf = (label: string, share = 1): DrawnLeaf => ({ label, share });

/** `feature < threshold`, yes before no. */
export const split = (
  feature: string,
  threshold: number,
  below: DrawnNode,
  above: DrawnNode,
): DrawnSplit => ({ feature, threshold, below, above });

/** The tree that CART grows on Iris with few leaves. */
export const iris: DrawnNode = split(
  "petal length",
  2.45,
  leaf("setosa"),
  split("petal width", 1.7500000000000002, leaf("versicolor", 0.98), leaf("virginica")),
);

/** A full tree: `2 ** depth` leaves. */
export const growFull = (depth: number): DrawnNode =>
  depth === 0
    ? leaf(`leaf at ${depth}`)
    : split(`feature ${depth}`, depth / 3, growFull(depth - 1), growFull(depth - 1));

/** A tree with one leaf beside each split, as deep as it is told; grown without recursion. */
export const growChain = (depth: number): DrawnNode => {
  let root: DrawnNode = leaf("end");
  for (let level = 0; level < depth; level++) root = split("x", level, leaf("side"), root);
  return root;
};

const names: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom("petal length", "x", "", "花".repeat(20), "a".repeat(99), "<&>\"'\0"),
  fc.string(),
);

/** Trees of any shape, with any names. */
export const anyTree: fc.Arbitrary<DrawnNode> = fc.letrec<{ node: DrawnNode }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 8, depthSize: "large" },
    fc.record({ label: names, share: fc.double({ min: 0, max: 1, noNaN: true }) }),
    fc.record({
      feature: names,
      threshold: fc.double({ noNaN: true }),
      below: tie("node"),
      above: tie("node"),
    }),
  ),
})).node;
