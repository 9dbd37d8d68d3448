import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseNumber } from "./number.ts";

test("a cell is a decimal number with sign, fraction, exponent and surrounding blanks", () => {
  const cells = [
    "0",
    "42",
    "-1.5",
    "+.5",
    "5.",
    "1e3",
    "1E-3",
    "-2.5e+10",
    " 7\t",
    "\u00A07",
    "007",
  ];
  expect(cells.map(parseNumber)).toEqual(cells.map(Number));
  expect(parseNumber("-0")).toBe(-0);
});

test("what Number() takes beyond that is no number", () => {
  for (const cell of ["", " ", "0x1F", "0b1", "0o7", "Infinity", "-Infinity", "NaN"]) {
    expect(parseNumber(cell)).toBeUndefined();
  }
});

test("other notations are no numbers", () => {
  const cells = [
    "1_000",
    "1,5",
    "1 000",
    "1e",
    "e5",
    ".",
    "-",
    "+-1",
    "1.2.3",
    "5cm",
    "٣",
    "−5",
    "1n",
  ];
  for (const cell of cells) expect(parseNumber(cell)).toBeUndefined();
});

test("a decimal that overflows is no number, one that underflows is zero", () => {
  expect(parseNumber("1e999")).toBeUndefined();
  expect(parseNumber("-1e999")).toBeUndefined();
  expect(parseNumber("1.7976931348623157e308")).toBe(Number.MAX_VALUE);
  expect(parseNumber("1e-999")).toBe(0);
});

test("every finite double is read back exactly from its shortest and from its longest text", () => {
  fc.assert(
    fc.property(fc.double({ noDefaultInfinity: true, noNaN: true }), (value) => {
      // String() drops the sign of -0.
      const sign = Object.is(value, -0) ? "-" : "";
      expect(parseNumber(sign + String(value))).toBe(value);
      expect(parseNumber(value.toExponential(20))).toBe(Number(value.toExponential(20)));
    }),
  );
});

test("any text is either the finite double of Number() or no number", () => {
  const characters = fc.constantFrom(..."0123456789+-.eExX_, ∞");
  fc.assert(
    fc.property(fc.string({ unit: characters, maxLength: 8 }), (text) => {
      const value = parseNumber(text);
      expect(value === undefined || (Number.isFinite(value) && value === Number(text))).toBe(true);
    }),
  );
});

test("a long cell that is almost a number is turned down at once", () => {
  // Backtracking over every split of the digits would take hours.
  expect(parseNumber(`${"1".repeat(1_000_000)}x`)).toBeUndefined();
});
