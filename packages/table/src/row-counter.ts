/** Tells on which line of the file a record begins, as an editor counts them. */
export interface RowCounter {
  /** The line on which the record with these cells begins, given the line that csv-parse says it ends on. */
  begin(cells: readonly string[], lines: number): number;
  /** The line after the last record; blank lines may lie between it and the next record. */
  next(): number;
}

/**
 * Counts lines for one source.
 *
 * csv-parse says where a record ends, and counts a CRLF inside quotes as two lines.
 */
export const createRowCounter = (): RowCounter => {
  let lastLines = 0;
  let surplus = 0;

  return {
    begin(cells, lines) {
      const follows = lines === lastLines + 1;
      lastLines = lines;
      if (follows) return lines - surplus;

      const text = cells.join();
      const counted = text.match(/[\r\n]/g)?.length ?? 0;
      const row = lines - surplus - counted;
      surplus += text.match(/\r\n/g)?.length ?? 0;
      return row;
    },
    next: () => lastLines - surplus + 1,
  };
};
