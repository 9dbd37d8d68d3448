import { expect, test } from "vitest";
import { listNames, quote } from "./quote.ts";

test("text is quoted, and what cannot be seen is escaped", () => {
  expect(quote("abc")).toBe('"abc"');
  expect(quote("a\tb\u0000")).toBe(String.raw`"a\tb\u0000"`);
});

test("text is cut at 80 characters, never inside one", () => {
  expect(quote("x".repeat(80))).toBe(`"${"x".repeat(80)}"`);
  expect(quote("x".repeat(81))).toBe(`"${"x".repeat(80)}…"`);
  expect(quote("😀".repeat(100))).toBe(`"${"😀".repeat(80)}…"`);
});

test("names are listed as a person would", () => {
  expect(listNames([])).toBe("none");
  expect(listNames(["a"])).toBe("a");
  expect(listNames(["a", "b", "c"])).toBe("a, b or c");
  expect(listNames(["a", "b"], { conjunction: "and" })).toBe("a and b");
  expect(listNames(["a", "b", "c"], { most: 2 })).toBe("a, b, … (3 in all)");
});
