import { isDecimal } from "./number.ts";

/** Texts that somebody meant as a number, or as several, each with the likely cause; the first that fits is told. */
const NEAR_NUMBERS: readonly (readonly [pattern: RegExp, cause: string])[] = [
  [/^(?:nan|n\/a|na|null|\?|-)$/i, "a missing value? remove the row, or fill the cell"],
  [/^[+-]?inf(?:inity)?$/i, "numbers must be finite"],
  [/^[+-]?0[box][\da-f]+$/i, "only decimal notation is read"],
  [
    /^[+-]?\d{1,3}(?:,\d{3}){2,}(?:\.\d*)?$|^[+-]?\d{1,3}(?:,\d{3})+\.\d*$/,
    "thousands separators? remove them",
  ],
  [/^[+-]?\d*,\d+(?:e[+-]?\d+)?$/i, "decimal comma? use a point"],
  [/^[+-]?\d+(?:[_'’]\d+)+(?:\.\d*)?$/, "thousands separators? remove them"],
  [
    /^[+-]?\d{1,3}(?:[ \u00A0\u202F]\d{3})+(?:[.,]\d*)?$/,
    "thousands separators? remove them; if the delimiter is a blank, use a comma",
  ],
  [/^[+-]?[\d.]+ ?%$/, "a percent sign? write the number alone"],
  [/^[\u2012-\u2015\u2212][\d.]+$/, "a typographic minus? use a hyphen (-)"],
  [/^[[{]/, "JSON? expected CSV"],
  [/^[-+\d.,e]*;[-+\d.,e;\s]*$/i, "the delimiter is ; - expected a comma"],
  [/^[-+\d.,e]*\t[-+\d.,e\t]*$/i, "the delimiter is a tab - expected a comma"],
  [/^[-+\d.,e]*\|[-+\d.,e|\s]*$/i, "the delimiter is | - expected a comma"],
  [/^[-+\d.e]+(?: +[-+\d.e]+)+$/i, "the delimiter is a blank - expected a comma"],
];

/** Delimiters of other dialects, sought in cells that are no near number, such as `setosa;5.1;3.5`. */
const FOREIGN_DELIMITERS: readonly (readonly [character: string, name: string])[] = [
  [";", ";"],
  ["\t", "a tab"],
  ["|", "|"],
];

/** Why a cell that should be a number is none, as a hint for the message; `undefined` where there is nothing to guess. */
export const guessCause = (text: string): string | undefined => {
  const trimmed = text.trim();
  if (trimmed === "") return "a missing value? remove the row, or fill the cell";
  if (isDecimal(trimmed)) return "too large for a 64-bit number, which ends at 1.8e308";
  return NEAR_NUMBERS.find(([pattern]) => pattern.test(trimmed))?.[1] ?? guessDelimiter(trimmed);
};

/** `the delimiter is ; - expected a comma`, where the text holds a delimiter of another dialect. */
export const guessDelimiter = (text: string): string | undefined => {
  const found = FOREIGN_DELIMITERS.find(([character]) => text.includes(character));
  return found && `the delimiter is ${found[1]} - expected a comma`;
};

/** Whether a cell is a number or a failed attempt at one (`NaN`, `1,5`, `0x1F`), and so never the name of a column. */
export const isMeantAsNumber = (text: string): boolean => {
  const trimmed = text.trim();
  return isDecimal(trimmed) || NEAR_NUMBERS.some(([pattern]) => pattern.test(trimmed));
};
