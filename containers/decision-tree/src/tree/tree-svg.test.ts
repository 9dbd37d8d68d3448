import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { DrawnNode } from "./drawn-tree.ts";
import { anyTree, growFull, iris, leaf, split } from "./testing/trees.ts";
import { drawTreeAsSvg } from "./tree-svg.ts";

const classes = ["setosa", "versicolor", "virginica"];

const draw = (tree: DrawnNode): string =>
  drawTreeAsSvg(tree, { title: "A <tree> & more", classes });

/** Fails unless every element is closed, in the right order, and no text is taken for markup. */
const expectWellFormed = (svg: string): void => {
  const tag = /<(\/?)(\w+)(?:\s[\w:-]+="[^"<]*")*(\/?)>/g;
  const open: string[] = [];
  for (const [, slash, name = "", end] of svg.matchAll(tag)) {
    if (slash === "/") expect(open.pop()).toBe(name);
    else if (end !== "/") open.push(name);
  }
  expect(open).toEqual([]);
  expect(svg.replaceAll(tag, "")).not.toMatch(/[<>]|&(?!(?:amp|lt|gt|quot|apos);)/);
};

test("the picture is well-formed for any tree and any names", () => {
  fc.assert(
    fc.property(anyTree, (tree) => {
      const svg = draw(tree);
      expectWellFormed(svg);
      expect(svg).not.toMatch(/<script|href=|url\(|="[^"]*(?:NaN|undefined)/);
    }),
  );
});

test("the picture has a name, and tells how large the tree is", () => {
  const svg = draw(iris);
  expect(svg).toMatch(/^<svg [^>]*role="img"/);
  expect(svg).toContain("<title>A &lt;tree&gt; &amp; more</title>");
  expect(svg).toContain("<desc>Decision tree, read from left to right: 2 splits, 3 leaves.</desc>");
});

test("questions, answers, labels and shares stand in the picture", () => {
  const texts = Array.from(draw(iris).matchAll(/<text[^>]*>([^<]*)</g), ([, text]) => text);
  expect(texts).toEqual(
    expect.arrayContaining([
      "petal length &lt; 2.45",
      "petal width &lt; 1.75",
      "versicolor",
      "98 %",
    ]),
  );
  expect(texts.filter((text) => text === "yes" || text === "no")).toHaveLength(4);
});

test("each class has its own colour, and a label that is no class is grey", () => {
  const tree = split("x", 1, split("x", 0, leaf("setosa"), leaf("virginica")), leaf("other"));
  const tints = Array.from(draw(tree).matchAll(/height="40" fill="(#\w+)"/g), ([, tint]) => tint);
  expect(tints).toEqual(["#cce3f0", "#ccece3", "#e4e4e4"]);
});

test("long names are shortened in the box and complete in its tooltip", () => {
  const svg = draw(split("f".repeat(99), 1, leaf("setosa"), leaf("virginica")));
  expect(svg).toContain(`<title>${"f".repeat(99)} &lt; 1</title>`);
  expect(svg).toContain(`>${"f".repeat(31)}… &lt; 1</text>`);
});

test("a tree that is too large says what is not shown", () => {
  const svg = drawTreeAsSvg(growFull(4), { title: "large", classes, maxNodes: 5 });
  expect(svg).toContain(">2 splits, 0 leaves shown, 29 more nodes not shown</text>");
  expect(svg.match(/… \d+ more nodes</g)).toHaveLength(3);
});

test("equal input gives equal bytes", () => {
  expect(draw(growFull(6))).toBe(draw(growFull(6)));
});
