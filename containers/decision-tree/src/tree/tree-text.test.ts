import * as fc from "fast-check";
import { expect, test } from "vitest";
import { countNodes } from "./drawn-tree.ts";
import { anyTree, growChain, growFull, iris, leaf, split } from "./testing/trees.ts";
import { drawTreeAsText } from "./tree-text.ts";

test("a tree is drawn as a person reads it", () => {
  expect(drawTreeAsText(iris)).toBe(
    [
      "petal length < 2.45",
      "├─ yes: setosa",
      "└─ no:  petal width < 1.75",
      "   ├─ yes: versicolor (98 %)",
      "   └─ no:  virginica",
    ].join("\n"),
  );
});

test("a subtree below yes has a line along it", () => {
  const tree = split("a", 1, split("b", -1e-7, leaf("p"), leaf("q", 0.999)), leaf("r", 0.001));
  expect(drawTreeAsText(tree)).toBe(
    [
      "a < 1",
      "├─ yes: b < -1e-7",
      "│  ├─ yes: p",
      "│  └─ no:  q (> 99 %)",
      "└─ no:  r (< 1 %)",
    ].join("\n"),
  );
});

test("a tree without splits is its label", () => {
  expect(drawTreeAsText(leaf("setosa"))).toBe("setosa");
});

test("names are one line, shortened, and visible when empty", () => {
  expect(drawTreeAsText(split("a\nb", 1, leaf(""), leaf("x".repeat(40))))).toBe(
    `a b < 1\n├─ yes: (empty)\n└─ no:  ${"x".repeat(31)}…`,
  );
});

test("what is beyond the limits is counted where it was left out, and in the end", () => {
  expect(drawTreeAsText(growFull(4), { maxNodes: 5 })).toBe(
    [
      "feature 4 < 1.33333",
      "├─ yes: feature 3 < 1",
      "│  ├─ yes: … 7 more nodes",
      "│  └─ no:  … 7 more nodes",
      "└─ no:  … 15 more nodes",
      "",
      "(29 nodes of the tree are not shown)",
    ].join("\n"),
  );
  expect(drawTreeAsText(growFull(4), { maxDepth: 0 })).toContain("… 31 more nodes");
});

test("a tree far too deep to draw is cut too", () => {
  const text = drawTreeAsText(growChain(100_000));
  expect(text.split("\n")).toHaveLength(2 * 24 + 1 + 2);
  expect(text).toContain("(199953 nodes of the tree are not shown)");
});

test("a tree within the limits has one line for each node", () => {
  fc.assert(
    fc.property(anyTree, (tree) => {
      const lines = drawTreeAsText(tree, { maxNodes: Infinity }).split("\n");
      expect(lines).toHaveLength(countNodes(tree));
    }),
  );
});
