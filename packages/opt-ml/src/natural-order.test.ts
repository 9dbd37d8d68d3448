import fc from "fast-check";
import { expect, test } from "vitest";
import { compareNaturally } from "./natural-order.ts";

const sort = (...names: readonly string[]): readonly string[] => names.toSorted(compareNaturally);

test("runs of digits are compared as numbers", () => {
  expect(sort("algo-1", "algo-10", "algo-11", "algo-2")).toEqual([
    "algo-1",
    "algo-2",
    "algo-10",
    "algo-11",
  ]);
});

test("names of local mode are ordered by their number, not by what follows it", () => {
  expect(sort("algo-10-ab1cd", "algo-2-zz9zz", "algo-1-x0y1z")).toEqual([
    "algo-1-x0y1z",
    "algo-2-zz9zz",
    "algo-10-ab1cd",
  ]);
});

test("what is shorter comes first, and leading zeros decide only between equals", () => {
  expect(sort("a1b", "a1", "a", "")).toEqual(["", "a", "a1", "a1b"]);
  expect(sort("a1", "a01", "a001", "a2")).toEqual(["a001", "a01", "a1", "a2"]);
});

test("numbers of any length are compared exactly", () => {
  expect(sort("a9007199254740993", "a9007199254740992")).toEqual([
    "a9007199254740992",
    "a9007199254740993",
  ]);
});

test("the order is total: every host gets the same list, whatever the order it was given", () => {
  const name = fc.oneof(
    fc.string({ unit: fc.constantFrom(..."0019a-.é😀"), maxLength: 8 }),
    fc.string({ unit: "binary", maxLength: 4 }),
  );
  fc.assert(
    fc.property(name, name, name, (a, b, c) => {
      expect(Math.sign(compareNaturally(a, b)) + Math.sign(compareNaturally(b, a))).toBe(0);
      expect(compareNaturally(a, b) === 0).toBe(a === b);
      const [first = "", second = "", third = ""] = sort(a, b, c);
      expect(compareNaturally(first, second)).toBeLessThanOrEqual(0);
      expect(compareNaturally(second, third)).toBeLessThanOrEqual(0);
      expect(compareNaturally(first, third)).toBeLessThanOrEqual(0);
    }),
    { numRuns: 3000 },
  );
});
