import * as fc from "fast-check";
import { expect, test } from "vitest";
import { cutTree } from "./cut-tree.ts";
import type { DrawnNode } from "./drawn-tree.ts";
import { anyTree, growFull, leaf, split } from "./testing/trees.ts";
import { BOX_HEIGHT, layOutTree, traceEdge, type Box, type TreeLayout } from "./tree-layout.ts";

const layOut = (tree: DrawnNode): TreeLayout => layOutTree(cutTree(tree, { maxNodes: Infinity }));

/** Left, top, right and bottom of a box or of a piece of an edge. */
type Area = readonly [left: number, top: number, right: number, bottom: number];

const areaOf = ({ x, y, width }: Box): Area => [x, y, x + width, y + BOX_HEIGHT];

/** Whether two areas share a point; boxes touch the edges that begin and end at them. */
const meet = (one: Area, other: Area): boolean =>
  one[0] <= other[2] && other[0] <= one[2] && one[1] <= other[3] && other[1] <= one[3];

/** What is wrong with a drawing: boxes on boxes, edges on boxes, edges on edges of other splits, and what sticks out. */
const findFaults = ({ boxes, edges, width, height }: TreeLayout): string[] => {
  const faults: string[] = [];
  const areas = boxes.map(areaOf);
  const pieces = edges.flatMap((edge) => traceEdge(edge).map((area) => ({ edge, area })));

  for (const [index, area] of areas.entries()) {
    const box = boxes[index];
    const strangers = pieces.filter(({ edge }) => edge.from !== box && edge.to !== box);
    if (areas.slice(index + 1).some((other) => meet(area, other))) faults.push("box on box");
    if (strangers.some((piece) => meet(area, piece.area))) faults.push("edge on box");
    if (area[0] < 0 || area[1] < 0 || area[2] > width || area[3] > height) faults.push("outside");
  }
  for (const [index, piece] of pieces.entries()) {
    const others = pieces.slice(index + 1).filter(({ edge }) => edge.from !== piece.edge.from);
    if (others.some(({ area }) => meet(area, piece.area))) faults.push("edge on edge");
  }
  return faults;
};

test("no boxes overlap and no edges cross, whatever the shape", () => {
  fc.assert(
    fc.property(anyTree, (tree) => {
      expect(findFaults(layOut(tree))).toEqual([]);
    }),
  );
});

test("a tree of depth 10 with 200 leaves and more is tidy", () => {
  const lopsided = (depth: number, turn: number): DrawnNode =>
    depth === 0 || (depth < 4 && turn % 3 === 0)
      ? leaf(`class ${turn % 5}`)
      : split("feature", turn, lopsided(depth - 1, turn + 1), lopsided(depth - 1, turn + 2));
  const layout = layOut(lopsided(10, 1));
  expect(layout.boxes.length).toBeGreaterThan(399);
  expect(findFaults(layout)).toEqual([]);
});

test("yes stands above no, and a split midway between", () => {
  const { edges } = layOut(growFull(3));
  const below = edges.filter(({ answer }) => answer === "yes");
  const above = edges.filter(({ answer }) => answer === "no");
  for (const [index, { from, to }] of below.entries()) {
    const other = above[index]?.to;
    expect(to.y).toBeLessThan(from.y);
    expect(other?.y).toBe(2 * from.y - to.y);
  }
});
