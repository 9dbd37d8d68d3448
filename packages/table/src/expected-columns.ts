import { InputError, listNames, quote } from "@byoc/errors";
import { guessDelimiter, isMeantAsNumber } from "./near-number.ts";
import type { CellPlace, RowPlace } from "./place.ts";

/** What a model was trained on, and so what a request must bring. */
export interface ExpectedColumns {
  /** The number of feature columns; that of `featureNames` when only those are given. */
  readonly columns?: number | undefined;
  /** In the order of the columns; compared with the header of a request that has one. */
  readonly featureNames?: readonly string[] | undefined;
  /** An empty cell and `NaN` are NaN in the matrix instead of an error. */
  readonly acceptsMissing?: boolean | undefined;
}

/**
 * Compares the first row of a request with the number of columns that the model expects.
 *
 * @throws {InputError} CSV_COLUMNS
 */
export const checkColumnCount = (
  cells: readonly string[],
  { featureNames, columns = featureNames?.length }: ExpectedColumns,
  place: RowPlace,
): void => {
  if (columns === undefined || cells.length === columns) return;
  const hasLabel = cells.length === columns + 1 && !isMeantAsNumber(cells[0] ?? "");
  const hint = hasLabel
    ? `; ${quote(cells[0] ?? "")} seems to be the label: leave the label column out`
    : guessCountCause(cells);
  throw new InputError(
    "CSV_COLUMNS",
    `expected ${countColumns(columns)} as the model has, found ${cells.length}${hint}`,
    place,
  );
};

/**
 * Compares a row with the first row of its table.
 *
 * @throws {InputError} CSV_RAGGED
 */
export const checkSameCount = (
  cells: readonly string[],
  first: { readonly columns: number; readonly place: RowPlace },
  place: RowPlace,
): void => {
  if (cells.length === first.columns) return;
  const where =
    first.place.file === place.file
      ? `row ${first.place.row}`
      : `row ${first.place.row} of ${first.place.file}`;
  throw new InputError(
    "CSV_RAGGED",
    `expected ${countColumns(first.columns)} as in ${where}, found ${cells.length}${guessCountCause(cells)}`,
    place,
  );
};

/**
 * Compares the names of a header with as many expected names; the order counts.
 *
 * @param whose Whose names are expected, for the message: `the model's columns`.
 * @throws {InputError} CSV_HEADER
 */
export const checkFeatureNames = (
  names: readonly string[],
  expected: readonly string[],
  whose: string,
  { firstColumn, ...place }: RowPlace & { readonly firstColumn: number },
): void => {
  const index = expected.findIndex((name, position) => name !== names[position]);
  if (index === -1) return;

  const known = new Set(names);
  const isPermutation = expected.every((name) => known.has(name));
  const problem = isPermutation ? "the columns are in another order" : "the header differs";
  const here = `expected ${quote(expected[index] ?? "")} here, found ${quote(names[index] ?? "")}`;
  const cellPlace: CellPlace = { ...place, column: firstColumn + index };
  const all = listNames(expected, { conjunction: "and" });
  throw new InputError("CSV_HEADER", `${problem}: ${here}; ${whose} are ${all}`, cellPlace);
};

/** A likely cause for a row that is too long or too short; it begins with a separator. */
const guessCountCause = (cells: readonly string[]): string => {
  if (cells.length === 1) {
    const cause = guessDelimiter(cells[0] ?? "");
    return cause === undefined ? "" : ` (${cause})`;
  }
  if (cells.at(-1)?.trim() === "") return " (a comma at the end of the line?)";
  return "";
};

const countColumns = (count: number): string => (count === 1 ? "1 column" : `${count} columns`);
