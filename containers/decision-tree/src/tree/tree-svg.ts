import { escapeXml, estimateTextWidth, shortenText } from "@byoc/evaluation";
import { createClassColors, type ClassColor } from "./class-colors.ts";
import { countHidden, cutTree, type DrawingLimits } from "./cut-tree.ts";
import type { DrawnNode } from "./drawn-tree.ts";
import { formatNumber, formatShare } from "./node-text.ts";
import {
  BOX_HEIGHT,
  FONT_SIZES,
  layOutTree,
  traceEdge,
  type Box,
  type Edge,
} from "./tree-layout.ts";

/** What a picture of a tree says about itself, and how much of the tree it shows. */
export interface TreePictureOptions extends DrawingLimits {
  /** The heading, also read out by screen readers: `Decision tree for Iris`. */
  readonly title: string;
  /** The labels in the order in which they get their colours. */
  readonly classes: readonly string[];
}

const MARGIN = 24;
const HEADING_HEIGHT = 84;
const MAX_HEADING_COLUMNS = 56;
const GREY = "#555555";

/**
 * A tree as an SVG picture, from left to right: questions in white boxes, leaves in the colour of their class.
 *
 * Every leaf also has its label, so that nothing hangs on colour alone. Equal input gives equal text. The picture holds no
 * scripts and fetches nothing; names that are too long are shortened, and complete in the tooltips. What is beyond the
 * limits is counted where it was left out, and in the line below the title.
 */
export const drawTreeAsSvg = (root: DrawnNode, options: TreePictureOptions): string => {
  const shown = cutTree(root, options);
  const { boxes, edges, ...layout } = layOutTree(shown);
  const colorOf = createClassColors(options.classes);

  const heading = shortenText(options.title, MAX_HEADING_COLUMNS);
  const summary = summarize(boxes, countHidden(shown));
  const textWidth = Math.max(
    estimateTextWidth(heading, FONT_SIZES.heading),
    estimateTextWidth(summary, FONT_SIZES.node),
  );
  const width = Math.max(layout.width, textWidth) + 2 * MARGIN;
  const height = HEADING_HEIGHT + layout.height + MARGIN;

  return `<svg xmlns="http://www.w3.org/2000/svg" role="img" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, 'Segoe UI', Helvetica, Arial, sans-serif" font-size="${FONT_SIZES.node}" fill="#1a1a1a">
<title>${escapeXml(options.title)}</title>
<desc>${escapeXml(`Decision tree, read from left to right: ${summary}.`)}</desc>
<rect width="${width}" height="${height}" fill="#ffffff"/>
<text x="${MARGIN}" y="38" font-size="${FONT_SIZES.heading}" font-weight="600">${escapeXml(heading)}</text>
<text x="${MARGIN}" y="60" fill="${GREY}">${escapeXml(summary)}</text>
<g transform="translate(${MARGIN} ${HEADING_HEIGHT})">
${[...edges.map(drawEdge), ...boxes.map((box) => drawBox(box, colorOf))].join("\n")}
</g>
</svg>
`;
};

/** `8 splits, 9 leaves` of what is shown, and how much is not. */
const summarize = (boxes: readonly Box[], hidden: number): string => {
  const splits = boxes.filter(({ node }) => "below" in node).length;
  const leaves = boxes.filter(({ node }) => "label" in node).length;
  const shown = `${splits} ${splits === 1 ? "split" : "splits"}, ${leaves} ${leaves === 1 ? "leaf" : "leaves"}`;
  return hidden === 0 ? shown : `${shown} shown, ${hidden} more nodes not shown`;
};

/** Out of the split, up or down in the gap between the columns, and into the next box; the answer stands before it. */
const drawEdge = (edge: Edge): string => {
  const [[startX, startY], , [turnX, endY, endX]] = traceEdge(edge);
  const textX = (turnX + endX) / 2;
  const textY = edge.answer === "yes" ? endY - 6 : endY + 14;
  return `<path d="M${startX} ${startY}H${turnX}V${endY}H${endX}" fill="none" stroke="#8c8c8c" stroke-width="1.5"/><text x="${textX}" y="${textY}" font-size="${FONT_SIZES.detail}" fill="${GREY}" text-anchor="middle">${edge.answer}</text>`;
};

const drawBox = (
  { node, x, y, width, lines }: Box,
  colorOf: (label: string) => ClassColor,
): string => {
  const center = `x="${width / 2}" y="${BOX_HEIGHT / 2}"`;
  const [first = "", second] = lines.map(escapeXml);
  const begin = `<g transform="translate(${x} ${y})" text-anchor="middle">`;
  const frame = `width="${width}" height="${BOX_HEIGHT}"`;
  if ("hidden" in node) {
    return `<text x="${x + 8}" y="${y + BOX_HEIGHT / 2}" dy="0.35em" fill="${GREY}" font-style="italic">${first}</text>`;
  }
  if ("below" in node) {
    const tooltip = escapeXml(`${node.feature} < ${formatNumber(node.threshold)}`);
    return `${begin}<title>${tooltip}</title><rect ${frame} rx="6" fill="#ffffff" stroke="${GREY}"/><text ${center} dy="0.35em">${first}</text></g>`;
  }
  const { tint, strong } = colorOf(node.label);
  const tooltip = escapeXml(`${node.label}: ${formatShare(node.share)}`);
  const bar = `<rect y="${BOX_HEIGHT - 4}" width="${roundLength(width * node.share)}" height="4" fill="${strong}"/>`;
  return `${begin}<title>${tooltip}</title><rect ${frame} fill="${tint}"/>${bar}<text ${center} dy="-0.2em" font-weight="600">${first}</text><text ${center} dy="1.05em" font-size="${FONT_SIZES.detail}">${second}</text></g>`;
};

const roundLength = (length: number): number => Math.round(100 * length) / 100;
