import type { Matrix } from "./matrix.ts";

/** Rows without labels, as a model is asked about them. */
export interface FeatureTable {
  /** Rows × features, at least one of each. */
  readonly features: Matrix;
  /** From the header, trimmed, in the order of the columns; `undefined` where there is no header. */
  readonly featureNames: readonly string[] | undefined;
}

/** Rows with a label each, as an algorithm learns from them. */
export interface LabelledTable extends FeatureTable {
  /** One for each row, in the order of the rows; equal labels are the same string. */
  readonly labels: readonly string[];
}
