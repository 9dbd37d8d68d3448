import { InputError } from "@byoc/errors";
import { guessDelimiter } from "./near-number.ts";
import { createLabelColumn } from "./label-column.ts";
import type { Source } from "./source.ts";
import { readRows } from "./read-rows.ts";
import type { LabelledTable } from "./tables.ts";

/**
 * Reads CSV whose first column is the label into one table, the sources one after the other.
 *
 * @param sources At least one data row in all of them together; a source may be empty.
 * @throws {InputError} CSV_EMPTY, CSV_HEADER, CSV_LABEL, CSV_NOT_A_NUMBER, CSV_COLUMNS, CSV_RAGGED, CSV_SYNTAX,
 * CSV_ENCODING, as the README of this package explains them.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/cdf-training.html
 *
 * @example
 * const { features, labels } = await readLabelledTable(channels.training.sources());
 */
export const readLabelledTable = async (
  sources: AsyncIterable<Source> | Iterable<Source>,
): Promise<LabelledTable> => {
  const column = createLabelColumn();
  const table = await readRows(sources, {
    firstColumn: 2,
    checkFirstRow(cells, place) {
      if (cells.length > 1) return;
      const cause = guessDelimiter(cells[0] ?? "");
      const hint = cause === undefined ? "" : ` (${cause})`;
      const problem = `expected the label in the first column and features after it, found 1 column${hint}`;
      throw new InputError("CSV_COLUMNS", problem, place);
    },
    onData: (cells, place) => column.push(cells[0] ?? "", place),
  });
  return { ...table, labels: column.labels };
};
