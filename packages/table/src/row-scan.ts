import { createDecimalScan, type DecimalScan, scanDecimal, toLatin1 } from "./decimal-scan.ts";
import { readCell } from "./number.ts";
import { MAX_RECORD_CHARACTERS } from "./records.ts";
import { ValueBuffer } from "./value-buffer.ts";

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BLANK = 0x20;
const COMMA = 0x2c;

/** Nothing but ASCII, and no quote: such a cell means the same to every reader of CSV. */
const PLAIN_CELL = /^[\t -!#-~]*$/;

/** Reads rows of numbers from bytes of CSV into one array, and stops at the first thing that is anything else. */
export class RowScan {
  /** Rows that ended. */
  rows = 0;
  /** Of every row; 0 until the first row has ended, where it is not known before. */
  columns: number;
  readonly values: ValueBuffer = new ValueBuffer();
  readonly #acceptsMissing: boolean;
  readonly #scan: DecimalScan = createDecimalScan();
  #column = 0;
  #rowBytes = 0;

  constructor(columns: number, acceptsMissing: boolean) {
    this.columns = columns;
    this.#acceptsMissing = acceptsMissing;
  }

  /**
   * Takes bytes whose last one is a comma or ends a line.
   *
   * @returns Whether all of them were rows of numbers; if not, nothing that was read may be used.
   */
  take(bytes: Uint8Array, start: number, end: number): boolean {
    this.values.reserve((end - start) / 2 + 1);
    const { values } = this.values;
    const scan = this.#scan;
    let { length } = this.values;
    let { rows, columns } = this;
    let column = this.#column;
    let rowStart = start - this.#rowBytes;
    let at = start;

    while (at < end) {
      let byte = bytes[at]!;
      if (column === 0 && (byte === LINE_FEED || byte === CARRIAGE_RETURN)) {
        at++;
        continue;
      }
      const cellStart = at;
      if (byte === BLANK) at++;
      let value = scanDecimal(bytes, at, scan);
      byte = Number.isNaN(value) ? 0 : bytes[scan.end]!;
      if (byte !== COMMA && byte !== LINE_FEED && byte !== CARRIAGE_RETURN) {
        const odd = this.#readOddCell(bytes, cellStart, column === 0);
        if (odd === undefined) return false;
        value = odd;
        byte = bytes[scan.end]!;
      }
      values[length++] = value;
      at = scan.end + 1;
      column++;
      if (byte === COMMA) continue;

      if (columns === 0) columns = column;
      if (column !== columns || at - rowStart > MAX_RECORD_CHARACTERS) return false;
      column = 0;
      rows++;
      rowStart = at;
    }

    this.#rowBytes = end - rowStart;
    this.#column = column;
    this.values.length = length;
    this.rows = rows;
    this.columns = columns;
    return true;
  }

  /** A cell with blanks around it, a missing one, or a rare notation, by the cell rule for text. */
  #readOddCell(bytes: Uint8Array, start: number, isFirst: boolean): number | undefined {
    let end = start;
    let byte = bytes[end]!;
    while (byte !== COMMA && byte !== LINE_FEED && byte !== CARRIAGE_RETURN) byte = bytes[++end]!;
    this.#scan.end = end;
    if (start === end) return this.#acceptsMissing ? Number.NaN : undefined;

    const cell = toLatin1(bytes, start, end);
    if (!PLAIN_CELL.test(cell)) return undefined;
    // A line of nothing but blanks is no row.
    if (isFirst && byte !== COMMA && cell.trim() === "") return undefined;
    return readCell(cell, this.#acceptsMissing);
  }
}
