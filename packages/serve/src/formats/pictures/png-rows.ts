import { malformedPicture } from "./picture.ts";

/**
 * Undoes the filter of a row in place: each byte was written as the difference to a guess from its neighbours.
 *
 * @param row Without the byte that says which filter it is.
 * @param above The row before it in the same pass, undone; zeros for the first.
 * @param step Bytes of a pixel, at least 1.
 * @throws InputError IMAGE_MALFORMED for a filter that does not exist
 * @see https://www.w3.org/TR/png-3/#9Filters
 */
export const unfilter = (
  filter: number,
  row: Uint8Array,
  above: Uint8Array,
  step: number,
): void => {
  if (filter === 0) return;
  if (filter === 1) {
    for (let at = step; at < row.length; at++) row[at] = row[at]! + row[at - step]!;
  } else if (filter === 2) {
    for (let at = 0; at < row.length; at++) row[at] = row[at]! + above[at]!;
  } else if (filter === 3) {
    for (let at = 0; at < row.length; at++) {
      const left = at < step ? 0 : row[at - step]!;
      row[at] = row[at]! + ((left + above[at]!) >> 1);
    }
  } else if (filter === 4) {
    for (let at = 0; at < row.length; at++) {
      const isFirst = at < step;
      row[at] =
        row[at]! +
        paeth(isFirst ? 0 : row[at - step]!, above[at]!, isFirst ? 0 : above[at - step]!);
    }
  } else {
    throw malformedPicture(`the PNG is damaged: there is no filter ${filter}`);
  }
};

const paeth = (left: number, up: number, upLeft: number): number => {
  const toLeft = Math.abs(up - upLeft);
  const toUp = Math.abs(left - upLeft);
  const toUpLeft = Math.abs(left + up - 2 * upLeft);
  if (toLeft <= toUp && toLeft <= toUpLeft) return left;
  return toUp <= toUpLeft ? up : upLeft;
};

/** Which pixels of the image a pass over it holds. */
export interface Pass {
  /** Of the first pixel. */
  readonly left: number;
  readonly top: number;
  /** Between its columns and rows, in pixels of the image. */
  readonly stepX: number;
  readonly stepY: number;
  /** Of the pass, from 1. */
  readonly width: number;
  readonly height: number;
}

/** Left, top, step to the right, step down: the seven passes of Adam7. */
const ADAM7: readonly (readonly [number, number, number, number])[] = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
];

/**
 * The passes in which an image is stored: one, or up to seven when it is interlaced.
 *
 * @see https://www.w3.org/TR/png-3/#8InterlaceMethods
 */
export const listPasses = (width: number, height: number, isInterlaced: boolean): Pass[] =>
  (isInterlaced ? ADAM7 : ([[0, 0, 1, 1]] as const))
    .map(([left, top, stepX, stepY]) => ({
      left,
      top,
      stepX,
      stepY,
      width: Math.ceil((width - left) / stepX),
      height: Math.ceil((height - top) / stepY),
    }))
    .filter((pass) => pass.width > 0 && pass.height > 0);
