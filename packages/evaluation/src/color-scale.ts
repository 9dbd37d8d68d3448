/** Red, green and blue, each 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** Light to dark blue: lightness alone carries the value, so it reads without colour vision and in grey print. */
const STOPS: readonly [low: Rgb, middle: Rgb, high: Rgb] = [
  [247, 251, 255],
  [107, 174, 214],
  [8, 48, 107],
];

const BLACK: Rgb = [0, 0, 0];
const WHITE: Rgb = [255, 255, 255];

/** The colour of a share between 0 (almost white) and 1 (dark blue). */
export const scaleColor = (share: number): Rgb => {
  const [low, middle, high] = STOPS;
  return share < 0.5 ? mix(low, middle, 2 * share) : mix(middle, high, 2 * share - 1);
};

/** What small text needs at least. See https://www.w3.org/TR/WCAG22/#contrast-minimum */
const MIN_CONTRAST = 4.5;

/** White where it stands out enough, black elsewhere; one of the two always does. */
export const textColor = (background: Rgb): Rgb =>
  contrastRatio(WHITE, background) >= MIN_CONTRAST ? WHITE : BLACK;

/**
 * How much two colours stand out from each other: 1 (not at all) to 21 (black on white).
 *
 * @see https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
 */
export const contrastRatio = (one: Rgb, other: Rgb): number => {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
};

/** `#08306b` */
export const toHex = (color: Rgb): string =>
  `#${color.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;

const mix = (from: Rgb, to: Rgb, share: number): Rgb => {
  const channel = (index: 0 | 1 | 2): number =>
    Math.round(from[index] + (to[index] - from[index]) * share);
  return [channel(0), channel(1), channel(2)];
};

/** @see https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
const luminance = ([red, green, blue]: Rgb): number =>
  0.2126 * linearize(red) + 0.7152 * linearize(green) + 0.0722 * linearize(blue);

const linearize = (channel: number): number => {
  const value = channel / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
};
