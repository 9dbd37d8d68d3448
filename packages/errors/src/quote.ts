/** The most characters of a user's text that a message repeats. */
export const MAX_QUOTED_CHARACTERS = 80;

/**
 * The user's own text for a message: in double quotes, control characters escaped, cut at 80 characters.
 *
 * @example
 * quote("5,1\t"); // "\"5,1\\t\""
 */
export const quote = (text: string): string => {
  const characters = Array.from(text.slice(0, 2 * MAX_QUOTED_CHARACTERS + 2));
  const isCut = characters.length > MAX_QUOTED_CHARACTERS;
  const shown = JSON.stringify(isCut ? characters.slice(0, MAX_QUOTED_CHARACTERS).join("") : text);
  return isCut ? `${shown.slice(0, -1)}…"` : shown;
};

/**
 * Names for a message: `a, b or c`; more than `most` of them end in `… (12 in all)`.
 *
 * @param names Names in the order in which they are shown; none of them gives `none`.
 */
export const listNames = (
  names: readonly string[],
  { conjunction = "or", most = 20 }: { conjunction?: "and" | "or"; most?: number } = {},
): string => {
  if (names.length === 0) return "none";
  if (names.length > most) return `${names.slice(0, most).join(", ")}, … (${names.length} in all)`;
  if (names.length === 1) return names.join("");
  return `${names.slice(0, -1).join(", ")} ${conjunction} ${names.at(-1)}`;
};
