import { expect, test } from "vitest";
import {
  addHistograms,
  countObservations,
  createHistogram,
  subtractHistograms,
  toRepresentativeValues,
} from "./histogram.ts";

const BOUNDS = [1, 10, 100];

const observe = (...values: readonly number[]): ReturnType<typeof createHistogram> => {
  const histogram = createHistogram(BOUNDS);
  for (const value of values) histogram.observe(value);
  return histogram;
};

test("a value falls into the first bucket whose bound is not below it", () => {
  expect(observe(0, 1, 1.5, 10, 99, 100, 101, 1e9).snapshot()).toEqual({
    counts: [2, 2, 2, 2],
    sum: 0 + 1 + 1.5 + 10 + 99 + 100 + 101 + 1e9,
  });
});

test("a value that is negative or no number counts as 0", () => {
  expect(observe(-5, NaN).snapshot()).toEqual({ counts: [2, 0, 0, 0], sum: 0 });
});

test("a snapshot does not change any more", () => {
  const histogram = observe(5);
  const snapshot = histogram.snapshot();
  histogram.observe(5);
  expect(countObservations(snapshot)).toBe(1);
});

test("histograms are added and subtracted bucket by bucket", () => {
  const later = observe(5, 50).snapshot();
  const earlier = observe(5).snapshot();
  expect(addHistograms(later, earlier)).toEqual({ counts: [0, 2, 1, 0], sum: 60 });
  expect(subtractHistograms(later, earlier)).toEqual({ counts: [0, 0, 1, 0], sum: 50 });
});

test("what began anew in between is not subtracted from", () => {
  const later = observe(5).snapshot();
  expect(subtractHistograms(later, observe(5, 50).snapshot())).toEqual(later);
});

test("representative values have the quantiles of the observed ones", () => {
  const values = Array.from({ length: 1000 }, (_, index) => index / 10);
  const shown = toRepresentativeValues(observe(...values).snapshot(), {
    bounds: BOUNDS,
    most: 100,
  });
  expect(shown).toHaveLength(100);
  expect(shown.toSorted((a, b) => a - b)).toEqual(shown);
  expect(Math.abs((shown[50] ?? 0) - 50)).toBeLessThan(2);
  expect(Math.abs((shown[99] ?? 0) - 99.5)).toBeLessThan(2);
});

test("fewer values than asked for are one each, and what is above all bounds is the last bound", () => {
  const few = observe(0.5, 5, 1e9).snapshot();
  expect(toRepresentativeValues(few, { bounds: BOUNDS, most: 100 })).toEqual([0.5, 5.5, 100]);
  const none = observe().snapshot();
  expect(toRepresentativeValues(none, { bounds: BOUNDS, most: 100 })).toEqual([]);
});
