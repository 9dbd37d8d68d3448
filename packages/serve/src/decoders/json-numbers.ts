import { createDecimalScan, type DecimalScan, scanDecimal, ValueBuffer } from "@byoc/table";

const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BLANK = 0x20;
const COMMA = 0x2c;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const RIGHT_BRACKET = 0x5d;

/** Whether a byte is white space of JSON. */
export const isJsonBlank = (byte: number): boolean =>
  byte === BLANK || byte === LINE_FEED || byte === CARRIAGE_RETURN || byte === TAB;

/** Reads the numbers of JSON arrays from bytes into one growing array. */
export class JsonNumbers {
  readonly values: ValueBuffer = new ValueBuffer();
  /** Numbers of the array that is being read, or was read last. */
  count = 0;
  /** Whether the array goes on in the next block. */
  isOpen = false;
  readonly #acceptsMissing: boolean;
  /** White space beside blank, tab and carriage return. */
  readonly #lineFeed: number;
  readonly #scan: DecimalScan = createDecimalScan();

  constructor(acceptsMissing: boolean, { isOneLine = false }: { isOneLine?: boolean } = {}) {
    this.#acceptsMissing = acceptsMissing;
    this.#lineFeed = isOneLine ? BLANK : LINE_FEED;
  }

  /**
   * Reads from behind `[` or a comma to behind `]`, or to the end of the block, which must be a comma, `]` or blank.
   *
   * Room for the values must have been reserved.
   *
   * @returns The index of the next byte, or -1 for anything but numbers in an array.
   */
  read(bytes: Uint8Array, start: number, end: number): number {
    const scan = this.#scan;
    const lineFeed = this.#lineFeed;
    const { values } = this.values;
    let { length } = this.values;
    let count = this.isOpen ? this.count : 0;
    let at = start;
    this.isOpen = true;

    while (at < end) {
      let byte = bytes[at]!;
      if (byte === BLANK || byte === lineFeed || byte === CARRIAGE_RETURN || byte === TAB) {
        at++;
        continue;
      }
      const value = scanDecimal(bytes, at, scan);
      if (Number.isNaN(value)) {
        if (!this.#acceptsMissing || !isNull(bytes, at)) return -1;
        scan.end = at + 4;
      } else if (!isJsonNumber(bytes, at, scan.end)) return -1;
      values[length++] = value;
      count++;

      at = scan.end;
      byte = bytes[at++]!;
      while (byte === BLANK || byte === lineFeed || byte === CARRIAGE_RETURN || byte === TAB) {
        byte = bytes[at++]!;
      }
      if (byte === COMMA) continue;
      if (byte !== RIGHT_BRACKET) return -1;
      this.isOpen = false;
      break;
    }
    this.values.length = length;
    this.count = count;
    return at;
  }
}

/** Whether a decimal is one of JSON too: no plus sign, no leading zero, digits on both sides of a point. */
const isJsonNumber = (bytes: Uint8Array, start: number, end: number): boolean => {
  const first = bytes[start] === MINUS ? start + 1 : start;
  const digit = bytes[first]! ^ ZERO;
  if (digit > 9 || (digit === 0 && (bytes[first + 1]! ^ ZERO) < 10)) return false;
  return bytes[end - 1] !== POINT;
};

const isNull = (bytes: Uint8Array, start: number): boolean =>
  bytes[start] === 0x6e &&
  bytes[start + 1] === 0x75 &&
  bytes[start + 2] === 0x6c &&
  bytes[start + 3] === 0x6c;
