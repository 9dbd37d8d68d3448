import { InputError, listNames } from "@byoc/errors";
import { describeNotANumber } from "./not-a-number.ts";
import { checkSameCount } from "./expected-columns.ts";
import { createHeaderReader } from "./header.ts";
import { createMatrixBuilder } from "./matrix.ts";
import { guessDelimiter } from "./near-number.ts";
import { readCell } from "./number.ts";
import type { RowPlace } from "./place.ts";
import { readRecords } from "./records.ts";
import type { Source } from "./source.ts";
import type { FeatureTable } from "./tables.ts";

/** What differs between tables with a label column and tables without. */
export interface RowRules {
  /** The column of the first feature, from 1; what lies before it belongs to `onData`. */
  readonly firstColumn: 1 | 2;
  /** The names that a header must give. */
  readonly featureNames?: readonly string[] | undefined;
  /** A missing value is NaN instead of an error. */
  readonly acceptsMissing?: boolean | undefined;
  /** Looks at the first row of the table before anything else, header or not; throws what is wrong with it. */
  checkFirstRow(cells: readonly string[], place: RowPlace): void;
  /** Takes every data row before its features are read. */
  onData?(cells: readonly string[], place: RowPlace): void;
}

/**
 * Reads the rows of all sources into one matrix: records in, header logic and number rule applied, values collected.
 *
 * @throws {InputError} with the codes that the README of this package explains.
 */
export const readRows = async (
  sources: AsyncIterable<Source> | Iterable<Source>,
  rules: RowRules,
): Promise<FeatureTable> => {
  const { firstColumn, acceptsMissing = false } = rules;
  const header = createHeaderReader({ firstColumn, expected: rules.featureNames, acceptsMissing });
  const matrix = createMatrixBuilder();
  const files: string[] = [];
  let first: { readonly columns: number; readonly place: RowPlace } | undefined;

  const addRow = (cells: readonly string[], place: RowPlace, isFirst: boolean): void => {
    if (first === undefined) {
      rules.checkFirstRow(cells, place);
      first = { columns: cells.length, place };
    } else {
      checkSameCount(cells, first, place);
    }
    const featureCells = cells.slice(firstColumn - 1);
    if (header.take(featureCells, place, isFirst)) return;

    rules.onData?.(cells, place);
    featureCells.forEach((cell, index) => {
      const value = readCell(cell, acceptsMissing);
      if (value !== undefined) return matrix.push(value);
      throw describeNotANumber(cell, { ...place, column: firstColumn + index }, isFirst);
    });
  };

  for await (const source of sources) {
    files.push(source.name);
    let isFirst = true;
    await readRecords(source, (cells, row) => {
      addRow(cells, { file: source.name, row }, isFirst);
      isFirst = false;
    });
  }

  const features = matrix.finish(first === undefined ? 1 : first.columns - firstColumn + 1);
  if (features.rows === 0) throw describeEmpty(files, header.featureNames);
  return { features, featureNames: header.featureNames };
};

const describeEmpty = (
  files: readonly string[],
  featureNames: readonly string[] | undefined,
): InputError => {
  const [file] = files;
  const place = files.length === 1 && file !== undefined ? { file } : {};
  const where = files.length > 1 ? ` in ${listNames(files, { conjunction: "and" })}` : "";
  return new InputError("CSV_EMPTY", `no data rows${where}${explainHeader(featureNames)}`, place);
};

/** A table of one row may hold nothing but what was taken for a header. */
const explainHeader = (featureNames: readonly string[] | undefined): string => {
  if (featureNames === undefined) return "";
  const cause = guessDelimiter(featureNames.join());
  const rule = "; a row is taken for a header if none of its feature cells is a number";
  return cause === undefined ? rule : `${rule} (${cause})`;
};
