/** Characters that XML 1.0 cannot hold, lone surrogates, and those that turn the writing direction around. */
const UNSHOWABLE =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069\uFFFE\uFFFF]|\p{Surrogate}/gu;

/** East Asian characters and emoji, about as wide as two Latin letters. */
const WIDE =
  /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{1F300}-\u{1FAFF}\u{20000}-\u{3FFFD}]/u;

/** Average advance of a Latin letter, in em, on the wide side so that text fits its box in any sans-serif font. */
const LATIN_EM = 0.6;

/** A text as one line that every viewer shows: line ends and tabs become blanks, what cannot be shown becomes U+FFFD. */
export const toOneLine = (text: string): string =>
  text.replace(/\s+/g, " ").trim().replace(UNSHOWABLE, "\uFFFD");

/**
 * Any text as content or attribute value of an SVG element.
 *
 * @see https://www.w3.org/TR/xml/#syntax
 */
export const escapeXml = (text: string): string =>
  toOneLine(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&apos;");

/** A text as one line of at most so many columns, the last of them `…` where something was left out. */
export const shortenText = (text: string, maxColumns: number): string => {
  const line = toOneLine(text);
  if (countColumns(line) <= maxColumns) return line;
  let short = "";
  let columns = 1;
  for (const character of line) {
    columns += countColumns(character);
    if (columns > maxColumns) break;
    short += character;
  }
  return `${short.trimEnd()}…`;
};

/** The columns that a line takes in a terminal: two for East Asian characters and emoji, one for others. */
export const countColumns = (line: string): number => {
  let columns = 0;
  for (const character of line) columns += WIDE.test(character) ? 2 : 1;
  return columns;
};

/** About how wide a line is in a picture, in the unit of the font size; no viewer's font is known here. */
export const estimateTextWidth = (line: string, fontSize: number): number =>
  Math.ceil(countColumns(line) * LATIN_EM * fontSize);
