import { divideLong } from "./long-decimal.ts";

/** What {@link scanDecimal} says beside the number; one object serves all numbers, so that none is made for each. */
export interface DecimalScan {
  /** The index after the last byte of the number. */
  end: number;
  /** The bytes that `text` was made of. */
  source: Uint8Array | undefined;
  /** The bytes as Latin-1, once a number needed them: a character for each byte. */
  text: string;
}

/** A place for what {@link scanDecimal} says. */
export const createDecimalScan = (): DecimalScan => ({ end: 0, source: undefined, text: "" });

// Both sides of the division are exact, so IEEE 754 rounds the quotient as it would round the decimal itself.
const POWERS_OF_TEN = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

/** As many digits always fit into 32 bits. */
const SHORT_DIGITS = 9;
/** So many digits more than the mantissa holds are read exactly. */
const MAX_LOW_DIGITS = 6;
/** One more digit keeps the mantissa below 2^53. */
const MAX_BEFORE_DIGIT = 900_719_925_474_098;

const MINUS = 0x2d ^ 0x30;
const PLUS = 0x2b ^ 0x30;
const POINT = 0x2e ^ 0x30;
const EXPONENT = 0x65 ^ 0x30;
const LOWER_CASE = 0x20;

/**
 * Reads the decimal number that begins at a byte: optional sign, digits with an optional point, optional exponent.
 *
 * @param bytes Text; a byte that belongs to no number must follow the number.
 * @param start The index of its first byte, blanks left out.
 * @param scan Is told where the number ends.
 * @returns Exactly the double of `Number()` for the same text; NaN where there is no such number, where it overflows,
 * and for `5.e3`, which nobody writes: what is not read here is left to slower readers.
 * @see https://www.exploringbinary.com/fast-path-decimal-to-floating-point-conversion/
 */
export const scanDecimal = (bytes: Uint8Array, start: number, scan: DecimalScan): number => {
  let at = start;
  // A digit XOR "0" is its value, and every other byte gives more than 9.
  let digit = bytes[at]! ^ 0x30;
  const isNegative = digit === MINUS;
  if (isNegative || digit === PLUS) digit = bytes[++at]! ^ 0x30;

  const first = at;
  let mantissa = 0;
  while (digit < 10) {
    mantissa = (Math.imul(mantissa, 10) + digit) | 0;
    digit = bytes[++at]! ^ 0x30;
  }
  let digits = at - first;
  let fraction = 0;
  if (digit === POINT) {
    const point = ++at;
    digit = bytes[at]! ^ 0x30;
    while (digit < 10) {
      mantissa = (Math.imul(mantissa, 10) + digit) | 0;
      digit = bytes[++at]! ^ 0x30;
    }
    fraction = at - point;
    digits += fraction;
  }
  if (digits === 0) return Number.NaN;
  if (digits > SHORT_DIGITS || (digit | LOWER_CASE) === (EXPONENT | LOWER_CASE)) {
    return scanLong(bytes, start, scan);
  }
  scan.end = at;
  const value = mantissa / POWERS_OF_TEN[fraction]!;
  return isNegative ? -value : value;
};

/** The same for numbers of many digits or with an exponent; what stays uncertain is left to `Number()`. */
const scanLong = (bytes: Uint8Array, start: number, scan: DecimalScan): number => {
  let at = start;
  let digit = bytes[at]! ^ 0x30;
  const isNegative = digit === MINUS;
  if (isNegative || digit === PLUS) digit = bytes[++at]! ^ 0x30;

  let mantissa = 0;
  let low = 0;
  let lowDigits = 0;
  let point = -1;
  for (;;) {
    if (digit < 10) {
      if (lowDigits === 0 && mantissa <= MAX_BEFORE_DIGIT) mantissa = mantissa * 10 + digit;
      else if (lowDigits++ < MAX_LOW_DIGITS) low = low * 10 + digit;
    } else if (digit === POINT && point === -1) point = at;
    else break;
    digit = bytes[++at]! ^ 0x30;
  }
  let scale = point === -1 ? 0 : point + 1 - at;

  if ((digit | LOWER_CASE) === (EXPONENT | LOWER_CASE)) {
    if (point === at - 1) return Number.NaN;
    digit = bytes[++at]! ^ 0x30;
    const isFraction = digit === MINUS;
    if (isFraction || digit === PLUS) digit = bytes[++at]! ^ 0x30;
    if (!(digit < 10)) return Number.NaN;
    let exponent = 0;
    while (digit < 10) {
      exponent = Math.min(exponent * 10 + digit, 99_999);
      digit = bytes[++at]! ^ 0x30;
    }
    scale += isFraction ? -exponent : exponent;
  }

  scan.end = at;
  let value = Number.NaN;
  if (scale >= -22 && scale <= 22) {
    if (lowDigits === 0) {
      value = scale < 0 ? mantissa / POWERS_OF_TEN[-scale]! : mantissa * POWERS_OF_TEN[scale]!;
    } else if (lowDigits <= MAX_LOW_DIGITS && scale <= 0) {
      value = divideLong(mantissa, POWERS_OF_TEN[lowDigits]!, low, POWERS_OF_TEN[-scale]!);
    }
  }
  if (!Number.isNaN(value)) return isNegative ? -value : value;
  value = Number(sliceText(bytes, start, at, scan));
  return Number.isFinite(value) ? value : Number.NaN;
};

/** Some of the bytes as text; all of them are decoded at once, which costs less than one call for each number. */
const sliceText = (bytes: Uint8Array, start: number, end: number, scan: DecimalScan): string => {
  if (scan.source !== bytes) {
    scan.text = toLatin1(bytes, 0, bytes.length);
    scan.source = bytes;
  }
  return scan.text.slice(start, end);
};

/** Bytes from `start` to before `end` as Latin-1, a character for each byte. */
export const toLatin1 = (bytes: Uint8Array, start: number, end: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1", start, end);
