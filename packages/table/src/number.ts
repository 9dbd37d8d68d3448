const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/** Whether a cell is written as a decimal number, also one too large for a double: the first half of the cell rule. */
export const isDecimal = (text: string): boolean => DECIMAL.test(text.trim());

/**
 * The cell rule: a decimal number with optional sign, fraction, exponent and surrounding blanks.
 *
 * @param text A cell without its quotes. `Number()` takes more: nothing at all, `0x1F`, `Infinity`; these are no numbers here.
 * @returns Exactly the double of `Number(text)`, or `undefined` for what is no such number or overflows (`1e999`).
 *
 * @example
 * parseNumber(" -1.5e3 "); // -1500
 * parseNumber("1,5"); // undefined
 */
export const parseNumber = (text: string): number | undefined => {
  if (!isDecimal(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
};

const MISSING = /^\s*(?:nan)?\s*$/i;

/** Whether a cell says that its value is missing: nothing but blanks, or `NaN` in upper or lower case. */
export const isMissing = (text: string): boolean => MISSING.test(text);

/**
 * The value of a feature cell: its number, or NaN for a missing one where that is accepted.
 *
 * @returns `undefined` for anything else.
 */
export const readCell = (text: string, acceptsMissing: boolean): number | undefined =>
  parseNumber(text) ?? (acceptsMissing && isMissing(text) ? Number.NaN : undefined);
