import { InputError } from "@byoc/errors";
import { checkExpansion, tooManyRows } from "../../decoders/problems.ts";
import type { DecoderLimits } from "../../format.ts";
import { emptyBody } from "../../invocation/request-errors.ts";
import type { FeatureInput, ImageInput } from "../../service.ts";

/** What bounds an array. */
export interface ArrayLimits extends DecoderLimits {
  /** The length of the body as it was sent, where the array was compressed in it. */
  readonly compressedBytes?: number;
}

/**
 * The number of rows that an array of this shape holds: (rows, columns), or one row, or for a model of one column
 * (rows,).
 *
 * @returns rows, from 1
 * @throws InputError NPY_SHAPE; InvocationError BODY_EMPTY, TOO_MANY_ROWS, TOO_MANY_VALUES
 */
export const planFeatures = (
  shape: readonly number[],
  { columns }: FeatureInput,
  limits: ArrayLimits,
): number => {
  const [rows, found] =
    shape.length === 1 && columns > 1 ? [1, shape[0]] : [shape[0], shape[1] ?? 1];
  if (rows === undefined || shape.length > 2 || found !== columns) {
    const problem = `expected an array of shape (rows, ${columns}), found ${describeShape(shape)}`;
    throw new InputError("NPY_SHAPE", problem);
  }
  checkRows(rows, limits);
  checkExpansion(rows * columns, limits.compressedBytes ?? Infinity);
  return rows;
};

/**
 * The number of images that an array of this shape holds: (images, height, width, channels), or one image; grey ones
 * may come without the last length.
 *
 * @returns images, from 1
 * @throws InputError NPY_SHAPE; InvocationError BODY_EMPTY, TOO_MANY_ROWS
 */
export const planImages = (
  shape: readonly number[],
  { height, width, channels }: ImageInput,
  limits: ArrayLimits,
): number => {
  const one = [height, width, channels];
  const wanted = channels === 1 ? [one, [height, width]] : [one];
  for (const image of wanted) {
    if (isSameShape(shape, image)) return 1;
    if (isSameShape(shape.slice(1), image)) return checkRows(shape[0] ?? 0, limits);
  }
  throw new InputError(
    "NPY_SHAPE",
    `expected uint8 pixels of shape (images, ${one.join(", ")}), found ${describeShape(shape)}; ` +
      "the last length is the channels, and an array is not resized",
  );
};

const checkRows = (rows: number, limits: ArrayLimits): number => {
  if (rows === 0) throw emptyBody();
  if (rows > limits.maxRows) throw tooManyRows(limits.maxRows);
  return rows;
};

const isSameShape = (left: readonly number[], right: readonly number[]): boolean =>
  left.length === right.length && left.every((length, place) => length === right[place]);

const describeShape = (shape: readonly number[]): string =>
  shape.length === 1
    ? `(${shape[0]},)`
    : `(${shape.slice(0, 8).join(", ")}${shape.length > 8 ? ", …" : ""})`;
