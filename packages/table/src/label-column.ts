import { InputError } from "@byoc/errors";
import { rejectBrokenText } from "./broken-text.ts";
import type { RowPlace } from "./place.ts";

/** Collects the labels of a table, one string for each distinct text. */
export interface LabelColumn {
  readonly labels: readonly string[];
  /**
   * Adds the label of the next row: its text as written, apart from surrounding blanks.
   *
   * @throws {InputError} CSV_LABEL for an empty cell, CSV_ENCODING
   */
  push(cell: string, place: RowPlace): void;
}

/** An empty label column. */
export const createLabelColumn = (): LabelColumn => {
  const labels: string[] = [];
  const known = new Map<string, string>();

  /** The one string that stands for all labels of this text, checked when it is first seen. */
  const intern = (cell: string, place: RowPlace): string => {
    const text = cell.trim();
    const label = known.get(text);
    if (label !== undefined) return label;

    const cellPlace = { ...place, column: 1 };
    if (text === "") {
      const problem = "expected the label of the row in the first column, found an empty cell";
      throw new InputError("CSV_LABEL", problem, cellPlace);
    }
    rejectBrokenText(text, cellPlace);
    known.set(text, text);
    return text;
  };

  return {
    labels,
    push(cell, place) {
      labels.push(intern(cell, place));
    },
  };
};
