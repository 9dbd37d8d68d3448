import type { ImageInput } from "../../service.ts";
import type { Pixels } from "./picture.ts";

/** Weights are whole numbers of 2^-22, as in Pillow: a sum of 8-bit pixels fits into 32 bits. */
const PRECISION_BITS = 22;
const HALF = 1 << (PRECISION_BITS - 1);

/** How one line of pixels becomes a line of another length. */
interface Weights {
  /** For each new pixel the first old one that counts. */
  readonly first: Int32Array;
  /** For each new pixel how many old ones count. */
  readonly count: Int32Array;
  /** `most` weights for each new pixel. */
  readonly weights: Int32Array;
  readonly most: number;
}

/**
 * The image in the size and colours that a model takes: resized with antialiased bilinear weights, equal to Pillow's
 * `convert("RGB")` or `convert("L")` and then `resize((width, height), BILINEAR)`.
 *
 * @returns uint8, height x width x channels
 * @see https://github.com/python-pillow/Pillow/blob/main/src/libImaging/Resample.c
 */
export const fitPicture = (
  picture: Pixels,
  { width, height, channels }: ImageInput,
): Uint8Array => {
  const isGrey = channels === 1 || picture.channels === 1;
  const source = isGrey ? toGrey(picture) : picture;
  const kept = isGrey ? 1 : 3;
  const narrow = resizeLines(source, width, kept);
  const fitted = resizeColumns(narrow, { width, from: picture.height, to: height, channels: kept });
  return channels === kept ? fitted : repeatThrice(fitted);
};

/** Luminance as Pillow has it: ITU-R 601-2 in whole numbers. */
const toGrey = ({ data, width, height, channels }: Pixels): Pixels => {
  if (channels === 1) return { data, width, height, channels };
  const grey = new Uint8Array(width * height);
  for (let at = 0; at < grey.length; at++) {
    const from = at * channels;
    const sum = data[from]! * 19_595 + data[from + 1]! * 38_470 + data[from + 2]! * 7471;
    grey[at] = (sum + 0x80_00) >> 16;
  }
  return { data: grey, width, height, channels: 1 };
};

const repeatThrice = (grey: Uint8Array): Uint8Array => {
  const rgb = new Uint8Array(3 * grey.length);
  for (let at = 0; at < rgb.length; at++) rgb[at] = grey[Math.floor(at / 3)]!;
  return rgb;
};

/** Every line in another width; of the channels of a pixel the first `kept` are kept. */
const resizeLines = (
  { data, width, height, channels }: Pixels,
  to: number,
  kept: number,
): Uint8Array => {
  const { first, count, weights, most } = toWeights(width, to);
  const lines = new Uint8Array(to * height * kept);
  let at = 0;
  for (let y = 0; y < height; y++) {
    const line = y * width * channels;
    for (let x = 0; x < to; x++) {
      const from = line + first[x]! * channels;
      const taps = count[x]!;
      for (let channel = 0; channel < kept; channel++) {
        let sum = HALF;
        for (let tap = 0; tap < taps; tap++) {
          sum += data[from + tap * channels + channel]! * weights[x * most + tap]!;
        }
        lines[at++] = clip(sum >> PRECISION_BITS);
      }
    }
  }
  return lines;
};

/** The same number of columns in another height. */
const resizeColumns = (
  data: Uint8Array,
  { width, from, to, channels }: { width: number; from: number; to: number; channels: number },
): Uint8Array => {
  if (from === to) return data;
  const { first, count, weights, most } = toWeights(from, to);
  const lineBytes = width * channels;
  const lines = new Uint8Array(to * lineBytes);
  const sums = new Int32Array(lineBytes);
  for (let y = 0; y < to; y++) {
    sums.fill(HALF);
    for (let tap = 0; tap < count[y]!; tap++) {
      const weight = weights[y * most + tap]!;
      const line = (first[y]! + tap) * lineBytes;
      for (let at = 0; at < lineBytes; at++) sums[at]! += data[line + at]! * weight;
    }
    for (let at = 0; at < lineBytes; at++) {
      lines[y * lineBytes + at] = clip(sums[at]! >> PRECISION_BITS);
    }
  }
  return lines;
};

/** A triangle around each new pixel, as wide as the pixels that it stands for. */
const toWeights = (from: number, to: number): Weights => {
  const scale = from / to;
  const support = Math.max(scale, 1);
  const most = 2 * Math.ceil(support) + 1;
  const first = new Int32Array(to);
  const count = new Int32Array(to);
  const weights = new Int32Array(to * most);
  const line = new Float64Array(most);
  for (let place = 0; place < to; place++) {
    const center = (place + 0.5) * scale;
    const start = from === to ? place : Math.max(0, Math.trunc(center - support + 0.5));
    const taps = from === to ? 1 : Math.min(from, Math.trunc(center + support + 0.5)) - start;
    let total = 0;
    for (let tap = 0; tap < taps; tap++) {
      line[tap] = Math.max(0, 1 - Math.abs((tap + start - center + 0.5) * (1 / support)));
      total += line[tap]!;
    }
    first[place] = start;
    count[place] = taps;
    for (let tap = 0; tap < taps; tap++) {
      weights[place * most + tap] = Math.trunc(0.5 + (line[tap]! / total) * 2 ** PRECISION_BITS);
    }
  }
  return { first, count, weights, most };
};

const clip = (value: number): number => Math.min(255, value);
