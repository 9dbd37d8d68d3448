import { estimateTextWidth, shortenText } from "./picture-text.ts";

/** Font sizes of the picture, in pixels. */
export const FONT_SIZES = { heading: 18, label: 13, count: 15, share: 11 } as const;

const MARGIN = 24;
const HEADING_HEIGHT = 84;
const AXIS_TITLE = 22;
const KEY_HEIGHT = 64;
const MIN_CELL = 52;
/** Matrices of few classes have room for wider cells, in which most labels fit without a slope. */
const FEW_CLASSES = 6;
const MIN_CELL_OF_FEW = 84;
/** The colour key below the matrix. */
const KEY_WIDTH = 320;
const MAX_LABEL_COLUMNS = 18;
/** Sine and cosine of 45°, the slope of column labels that are wider than their cell. */
const SLOPE = Math.SQRT1_2;

/** The lengths of the picture, in pixels, and the labels as they fit. */
export interface MatrixLayout {
  readonly width: number;
  readonly height: number;
  /** The edge of a square cell. */
  readonly cell: number;
  /** The corner of the first cell. */
  readonly left: number;
  readonly top: number;
  /** The edge of the whole matrix. */
  readonly size: number;
  readonly labels: readonly string[];
  /** Whether column labels are wider than a cell and drawn at 45°. */
  readonly isSloped: boolean;
}

/** Finds room for a matrix of any size, its labels and a heading of the given width; nothing overlaps or is cut off. */
export const layOutMatrix = (
  {
    labels,
    counts,
  }: { readonly labels: readonly string[]; readonly counts: readonly (readonly number[])[] },
  headingWidth: number,
): MatrixLayout => {
  const short = labels.map((label) => shortenText(label, MAX_LABEL_COLUMNS));
  const labelWidths = short.map((label) => estimateTextWidth(label, FONT_SIZES.label));
  const labelWidth = Math.max(0, ...labelWidths);
  const countWidths = counts
    .flat()
    .map((count) => estimateTextWidth(String(count), FONT_SIZES.count));
  const minCell = labels.length <= FEW_CLASSES ? MIN_CELL_OF_FEW : MIN_CELL;
  const cell = Math.max(minCell, Math.max(0, ...countWidths) + 16);
  const size = cell * labels.length;

  const isSloped = labelWidth > cell - 4;
  const labelHeight = isSloped ? Math.ceil(labelWidth * SLOPE) + 16 : 28;
  const overhang = isSloped ? Math.ceil((labelWidths.at(-1) ?? 0) * SLOPE) : 0;
  const left = MARGIN + AXIS_TITLE + labelWidth + 12;
  const top = HEADING_HEIGHT + AXIS_TITLE + labelHeight;

  return {
    width: Math.max(size + overhang, KEY_WIDTH, headingWidth - left + MARGIN) + left + MARGIN,
    height: top + size + KEY_HEIGHT,
    cell,
    left,
    top,
    size,
    labels: short,
    isSloped,
  };
};
