import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createDecimalScan, scanDecimal } from "./decimal-scan.ts";
import { parseNumber } from "./number.ts";

/** The value of a whole text, or undefined where it is not read to its end. */
const scanText = (text: string, before = ""): number | undefined => {
  const scan = createDecimalScan();
  const value = scanDecimal(Buffer.from(`${before}${text},`), before.length, scan);
  return Number.isNaN(value) || scan.end !== before.length + text.length ? undefined : value;
};

test.each([
  "0",
  "-0",
  "007",
  "5.",
  ".5",
  "-.5",
  "+5.1",
  "123456789",
  "1234567890",
  "9007199254740991",
  "9007199254740992",
  "9007199254740993",
  "0.1234567890123456789",
  "0.00000000000000000000001",
  "1e22",
  "1e23",
  "1E-22",
  "1.5e+3",
  "5e-324",
  "1.7976931348623157e308",
  "1e-999",
  "0e999999999999999999999",
  "2.2250738585072011e-308",
])("%s is read as Number() reads it", (text) => {
  expect(scanText(text)).toBe(Number(text));
  expect(scanText(text, "abc,")).toBe(Number(text));
});

test.each(["", "-", ".", "+.", "e5", "1e", "1e+", "--1", "+-1", "1e999", "-1e999", "5.e3", "NaN"])(
  "%s is left to others",
  (text) => {
    expect(scanText(text)).toBeUndefined();
  },
);

test("a number ends where other text begins", () => {
  for (const text of ["1.2.3", "1e5e", "1 ", "5cm", "1-2"]) expect(scanText(text)).toBeUndefined();
});

test("any text of the characters of numbers is left to others, or gives the double of Number()", () => {
  const characters = fc.constantFrom(..."0123456789+-.eE");
  fc.assert(
    fc.property(fc.string({ unit: characters, maxLength: 30 }), (text) => {
      const value = scanText(text);
      const isLeft = value === undefined && /\.e/i.test(text);
      expect(value).toBe(isLeft ? undefined : parseNumber(text));
    }),
    { numRuns: 5000 },
  );
});

test("every finite double comes back bit by bit from any of its texts", () => {
  const double = fc.double({ noDefaultInfinity: true, noNaN: true });
  fc.assert(
    fc.property(double, fc.integer({ min: 0, max: 20 }), (value, digits) => {
      const sign = Object.is(value, -0) ? "-" : "";
      const texts = [sign + String(value), value.toExponential(digits), value.toFixed(digits)];
      for (const text of texts) expect(scanText(text)).toBe(parseNumber(text));
    }),
    { numRuns: 5000 },
  );
});

test("numbers of many digits, also those in the middle between two doubles, are those of Number()", () => {
  const digits = fc.string({
    unit: fc.constantFrom(..."0123456789"),
    minLength: 16,
    maxLength: 24,
  });
  const middle = fc.bigInt({ min: 2n ** 53n, max: 2n ** 60n }).map((bits) => String(bits | 1n));
  fc.assert(
    fc.property(fc.oneof(digits, middle), fc.integer({ min: 0, max: 24 }), (text, fraction) => {
      const zeros = text.padStart(fraction + 1, "0");
      const point = zeros.length - fraction;
      const decimal = `${zeros.slice(0, point)}.${zeros.slice(point)}`;
      expect(scanText(decimal)).toBe(Number(decimal));
      expect(scanText(`-${decimal}e-3`.replace(".e", "e"))).toBe(Number(`-${decimal}e-3`));
    }),
    { numRuns: 20_000 },
  );
});

test("a decimal a little above and below the middle between two doubles is rounded as Number() does", () => {
  const places = fc.integer({ min: 1, max: 16 });
  fc.assert(
    fc.property(fc.bigInt({ min: 2n ** 52n, max: 2n ** 53n }), places, (bits, shift) => {
      // (2 bits + 1) / 2^(shift + 1) has a finite decimal of 2 bits + 1 and shift + 1 places.
      const middle = (2n * bits + 1n) * 5n ** BigInt(shift + 1);
      for (const integer of [middle - 1n, middle, middle + 1n]) {
        const text = String(integer).padStart(shift + 2, "0");
        const decimal = `${text.slice(0, -shift - 1)}.${text.slice(-shift - 1)}`;
        expect(scanText(decimal)).toBe(Number(decimal));
      }
    }),
    { numRuns: 20_000 },
  );
});
