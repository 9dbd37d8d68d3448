import { InputError, quote } from "@byoc/errors";
import { rejectBrokenText } from "./broken-text.ts";
import { checkFeatureNames } from "./expected-columns.ts";
import { isMeantAsNumber } from "./near-number.ts";
import { isMissing } from "./number.ts";
import type { RowPlace } from "./place.ts";

/** The header logic: tells headers from data, and sees that all of them say the same. */
export interface HeaderReader {
  /** Of the first header, trimmed; `undefined` as long as there was none. */
  readonly featureNames: readonly string[] | undefined;
  /**
   * Whether a row is a header, or repeats it, and so holds no data.
   *
   * @param isFirst Whether the row is the first of its source; only such a row can be a header, any row can repeat it.
   * @throws {InputError} CSV_HEADER, CSV_ENCODING
   */
  take(featureCells: readonly string[], place: RowPlace, isFirst: boolean): boolean;
}

/**
 * Reads the headers of one table, which may come from several sources.
 *
 * @param options.firstColumn The column of the first feature, from 1, for messages.
 * @param options.expected The names that a header must give, in this order.
 * @param options.acceptsMissing A first row of nothing but missing values is data.
 */
export const createHeaderReader = (options: {
  readonly firstColumn: number;
  readonly expected?: readonly string[] | undefined;
  readonly acceptsMissing?: boolean | undefined;
}): HeaderReader => {
  const { firstColumn, expected, acceptsMissing = false } = options;
  let names: readonly string[] | undefined;
  let firstFile: string | undefined;

  return {
    get featureNames() {
      return names;
    },
    take(featureCells, place, isFirst) {
      if (names !== undefined && repeats(featureCells, names)) return true;
      if (!isFirst) return false;

      const isVeryFirst = firstFile === undefined;
      firstFile ??= place.file;
      if (!isHeader(featureCells) || (acceptsMissing && featureCells.every(isMissing)))
        return false;

      const found = readFeatureNames(featureCells, firstColumn, place);
      if (isVeryFirst) {
        if (expected) {
          checkFeatureNames(found, expected, "the model's columns", { ...place, firstColumn });
        }
        names = found;
        return true;
      }
      if (names === undefined) {
        const problem = `this file has a header, ${firstFile} has none; give every file the same, or none`;
        throw new InputError("CSV_HEADER", problem, place);
      }
      checkFeatureNames(found, names, `the columns of ${firstFile}`, { ...place, firstColumn });
      return true;
    },
  };
};

/** The header rule: none of the feature cells is a number or a failed attempt at one (`NaN`, `1,5`). */
const isHeader = (featureCells: readonly string[]): boolean => !featureCells.some(isMeantAsNumber);

const repeats = (featureCells: readonly string[], names: readonly string[]): boolean =>
  featureCells.every((cell, index) => cell.trim() === names[index]);

/** The trimmed names of a header; none is empty or given twice. */
const readFeatureNames = (
  featureCells: readonly string[],
  firstColumn: number,
  place: RowPlace,
): readonly string[] => {
  const columns = new Map<string, number>();
  for (const [index, cell] of featureCells.entries()) {
    const name = cell.trim();
    const cellPlace = { ...place, column: firstColumn + index };
    rejectBrokenText(name, cellPlace);
    if (name === "") {
      const problem =
        "found an empty cell in a row without numbers, which is taken for a header; name the column, or remove the row";
      throw new InputError("CSV_HEADER", problem, cellPlace);
    }
    const earlier = columns.get(name);
    if (earlier !== undefined) {
      const problem = `the header names ${quote(name)} twice, first in column ${earlier}`;
      throw new InputError("CSV_HEADER", problem, cellPlace);
    }
    columns.set(name, cellPlace.column);
  }
  return [...columns.keys()];
};
