import { closest, distance } from "fastest-levenshtein";

/** `; did you mean "x"?` when a known name is near what was typed, otherwise nothing. */
export const didYouMean = (typed: string, known: readonly string[]): string => {
  if (known.length === 0) return "";
  const nearest = closest(typed, known);
  const isNear = distance(typed, nearest) <= Math.max(2, Math.floor(typed.length / 3));
  return isNear ? `; did you mean "${nearest}"?` : "";
};
