import { checkColumnCount, type ExpectedColumns } from "./expected-columns.ts";
import { readRows } from "./read-rows.ts";
import type { Source } from "./source.ts";
import type { FeatureTable } from "./tables.ts";

/**
 * Reads CSV whose columns are all features: the body of a request.
 *
 * @param expected What the model was trained on; a row of another length or a header of other names is an error.
 * @throws {InputError} CSV_EMPTY, CSV_HEADER, CSV_NOT_A_NUMBER, CSV_COLUMNS, CSV_RAGGED, CSV_SYNTAX, CSV_ENCODING, as
 * the README of this package explains them.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/cdf-inference.html
 *
 * @example
 * const { features } = await readFeatureTable(body, { featureNames: model.featureNames });
 */
export const readFeatureTable = (
  source: Source,
  expected: ExpectedColumns = {},
): Promise<FeatureTable> =>
  readRows([source], {
    firstColumn: 1,
    featureNames: expected.featureNames,
    acceptsMissing: expected.acceptsMissing,
    checkFirstRow: (cells, place) => checkColumnCount(cells, expected, place),
  });
