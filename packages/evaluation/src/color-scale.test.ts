import { expect, test } from "vitest";
import { contrastRatio, scaleColor, textColor, toHex, type Rgb } from "./color-scale.ts";

const shares = Array.from({ length: 1001 }, (_, step) => step / 1000);

test("text stands out from every colour of the scale at 4.5 : 1 or more", () => {
  for (const color of shares.map(scaleColor)) {
    expect(contrastRatio(textColor(color), color)).toBeGreaterThanOrEqual(4.5);
  }
});

test("the scale gets darker all the way, so that lightness alone tells the value", () => {
  const black: Rgb = [0, 0, 0];
  const ratios = shares.map((share) => contrastRatio(black, scaleColor(share)));
  for (const [index, ratio] of ratios.slice(1).entries()) {
    expect(ratio).toBeLessThanOrEqual(ratios[index] ?? 0);
  }
  expect(contrastRatio(scaleColor(0), scaleColor(1))).toBeGreaterThan(10);
});

test("the contrast ratio is that of WCAG", () => {
  expect(contrastRatio([0, 0, 0], [255, 255, 255])).toBe(21);
  expect(contrastRatio([119, 119, 119], [255, 255, 255])).toBeCloseTo(4.48, 2);
});

test("colours are written in hexadecimal", () => {
  expect(toHex(scaleColor(1))).toBe("#08306b");
});
