import { InputError, quote } from "@byoc/errors";
import type { CellPlace } from "./place.ts";

/** U+FFFD stands where bytes were no UTF-8, or where another program lost a character before; NUL is never text. */
const BROKEN_TEXT = /[\0\uFFFD]/;

/** The error CSV_ENCODING for text that did not survive decoding; `undefined` for sound text. */
export const describeBrokenText = (text: string, place: CellPlace): InputError | undefined => {
  if (!BROKEN_TEXT.test(text)) return undefined;
  const found = text.includes("\0") ? "a NUL (UTF-16?)" : "bytes that are no UTF-8 (Latin-1?)";
  const problem = `found ${found} in ${quote(text)}; save the file as UTF-8`;
  return new InputError("CSV_ENCODING", problem, place);
};

/**
 * Rejects text that did not survive decoding, and says where it is.
 *
 * @throws {InputError} CSV_ENCODING for U+FFFD and NUL.
 */
export const rejectBrokenText = (text: string, place: CellPlace): void => {
  const error = describeBrokenText(text, place);
  if (error !== undefined) throw error;
};
