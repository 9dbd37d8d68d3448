import { InputError, quote } from "@byoc/errors";
import { describeBrokenText } from "./broken-text.ts";
import { guessCause } from "./near-number.ts";
import type { CellPlace } from "./place.ts";

/**
 * The error for a feature cell that is no number: CSV_NOT_A_NUMBER, or CSV_ENCODING where its text is broken.
 *
 * @param isFirst Whether the row could have been a header; the message then says why it is none.
 */
export const describeNotANumber = (
  cell: string,
  place: CellPlace,
  isFirst: boolean,
): InputError => {
  const found = cell.trim() === "" ? "an empty cell" : quote(cell);
  const cause = guessCause(cell);
  const hint = cause === undefined ? "" : ` (${cause})`;
  const rule = isFirst
    ? "; a first row is a header only if none of its feature cells is a number"
    : "";
  const problem = `expected a number, found ${found}${hint}${rule}`;
  return describeBrokenText(cell, place) ?? new InputError("CSV_NOT_A_NUMBER", problem, place);
};
