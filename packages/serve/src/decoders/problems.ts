import { InvocationError } from "../invocation-error.ts";
import type { FeatureInput, InputDeclaration } from "../service.ts";

/** The error for more rows than a request may have. */
export const tooManyRows = (maxRows: number): InvocationError =>
  new InvocationError(
    413,
    "TOO_MANY_ROWS",
    `the body holds more than the ${maxRows} rows that this container takes at once; ` +
      "send fewer rows at a time, or raise BYOC_MAX_ROWS",
  );

/**
 * The declaration of a model that takes a matrix.
 *
 * @throws TypeError for another kind of input: the decoders of matrices are not offered to it.
 */
export const requireFeatures = (input: InputDeclaration): FeatureInput => {
  if (input.kind === undefined || input.kind === "features") return input;
  throw new TypeError(`a decoder of rows was asked for ${input.kind}`);
};

/** 256 MiB of values. */
const MAX_EXPANDED_VALUES = 2 ** 25;

/**
 * Bounds the values of bodies that leave values out, where a few bytes stand for a row of many columns.
 *
 * @param values So far, each 8 bytes.
 * @param bytes Of the body so far.
 * @throws InvocationError `TOO_MANY_VALUES` (413)
 */
export const checkExpansion = (values: number, bytes: number): void => {
  if (values <= MAX_EXPANDED_VALUES || values <= bytes) return;
  throw new InvocationError(
    413,
    "TOO_MANY_VALUES",
    `the body stands for more than ${MAX_EXPANDED_VALUES} values; send fewer rows at a time`,
  );
};
