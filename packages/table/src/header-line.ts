/** Printable characters and tabs; a header with anything else is looked at more closely. */
const PRINTABLE = /^[^\p{Cc}\uFFFD]*$/u;
const QUOTED = /^[\t ]*"([^"]*)"[\t ]*$/;

/**
 * The cells of a header line, quoted or not, where the line can be read without the whole grammar of CSV.
 *
 * @param line The bytes of the line without its end.
 * @returns `undefined` for an empty line, bytes that are no UTF-8, control characters, and quotes that do not simply
 * stand around a cell.
 */
export const splitHeaderLine = (line: Uint8Array): readonly string[] | undefined => {
  const text = Buffer.from(line.buffer, line.byteOffset, line.length).toString("utf8");
  if (text.trim() === "" || !PRINTABLE.test(text.replaceAll("\t", " "))) return undefined;
  const cells: string[] = [];
  for (const cell of text.split(",")) {
    const inside = QUOTED.exec(cell)?.[1] ?? cell;
    if (inside.includes('"')) return undefined;
    cells.push(inside);
  }
  return cells;
};
