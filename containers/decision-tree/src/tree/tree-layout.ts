import { estimateTextWidth } from "@byoc/evaluation";
import type { ShownNode } from "./cut-tree.ts";
import { formatHidden, formatName, formatQuestion, formatShare } from "./node-text.ts";

/** Lengths in pixels. */
export const FONT_SIZES = { heading: 18, node: 13, detail: 11 } as const;
export const BOX_HEIGHT = 40;
/** Room between columns; the edges turn after a third of it, and the answer stands in the rest. */
const COLUMN_GAP = 72;
const ROW_HEIGHT = BOX_HEIGHT + 12;
const BOX_PADDING = 14;
const MIN_BOX_WIDTH = 76;

/** A node with its place: the corner of its box, and the lines written in it. */
export interface Box {
  readonly node: ShownNode;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly lines: readonly string[];
}

/** The way from a split to what follows. */
export interface Edge {
  readonly from: Box;
  readonly to: Box;
  readonly answer: "yes" | "no";
}

/** A drawing without its frame; its first corner is 0, 0. */
export interface TreeLayout {
  readonly boxes: readonly Box[];
  readonly edges: readonly Edge[];
  readonly width: number;
  readonly height: number;
}

/**
 * Places a tree from left to right, one column for each level, yes above no.
 *
 * Every node without children has a row of its own, in order; a split stands midway between its two sides, so within the
 * rows of its own subtree. That is why no boxes overlap and no edges cross, whatever the shape.
 */
export const layOutTree = (root: ShownNode): TreeLayout => {
  const columns = placeColumns(root);
  const boxes: Box[] = [];
  const edges: Edge[] = [];
  let rows = 0;

  const place = (node: ShownNode, depth: number): Box => {
    const children =
      "below" in node ? [place(node.below, depth + 1), place(node.above, depth + 1)] : [];
    const [below, above] = children;
    const y = below && above ? Math.round((below.y + above.y) / 2) : ROW_HEIGHT * rows++;
    const { x = 0, width = 0 } = columns[depth] ?? {};
    const box = { node, x, y, width, lines: describeNode(node) };
    boxes.push(box);
    if (below && above) {
      edges.push({ from: box, to: below, answer: "yes" }, { from: box, to: above, answer: "no" });
    }
    return box;
  };
  place(root, 0);

  const last = columns.at(-1);
  return {
    boxes,
    edges,
    width: last === undefined ? 0 : last.x + last.width,
    height: ROW_HEIGHT * (rows - 1) + BOX_HEIGHT,
  };
};

/** A straight piece of an edge: its left, upper, right and lower end. */
export type EdgePiece = readonly [left: number, top: number, right: number, bottom: number];

/** The three pieces of an edge: out of the split, up or down between the columns, into what follows. */
export const traceEdge = ({ from, to }: Edge): readonly [EdgePiece, EdgePiece, EdgePiece] => {
  const start = from.x + from.width;
  const turn = start + COLUMN_GAP / 3;
  const startY = from.y + BOX_HEIGHT / 2;
  const endY = to.y + BOX_HEIGHT / 2;
  return [
    [start, startY, turn, startY],
    [turn, Math.min(startY, endY), turn, Math.max(startY, endY)],
    [turn, endY, to.x, endY],
  ];
};

/** The column of each level, as wide as the widest text in it. */
const placeColumns = (
  root: ShownNode,
): readonly { readonly x: number; readonly width: number }[] => {
  const columns: { x: number; width: number }[] = [];
  let x = 0;
  let level = [root];
  while (level.length > 0) {
    const width = Math.max(MIN_BOX_WIDTH, ...level.map(measureNode));
    columns.push({ x, width });
    x += width + COLUMN_GAP;
    level = level.flatMap((node) => ("below" in node ? [node.below, node.above] : []));
  }
  return columns;
};

const measureNode = (node: ShownNode): number => {
  const [first = "", second = ""] = describeNode(node);
  const width = Math.max(
    estimateTextWidth(first, FONT_SIZES.node),
    estimateTextWidth(second, FONT_SIZES.detail),
  );
  return width + 2 * BOX_PADDING;
};

/** One line for a split, two for a leaf: its label, and how sure it is. */
const describeNode = (node: ShownNode): readonly string[] => {
  if ("hidden" in node) return [formatHidden(node.hidden)];
  if ("below" in node) return [formatQuestion(node)];
  const { label, share, rows } = node;
  const unit = rows === 1 ? "row" : "rows";
  const detail =
    rows === undefined ? formatShare(share) : `${formatShare(share)} of ${rows} ${unit}`;
  return [formatName(label), detail];
};
