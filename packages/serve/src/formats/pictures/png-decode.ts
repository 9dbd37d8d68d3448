import { createInflate } from "node:zlib";
import { malformedPicture, type Pixels } from "./picture.ts";
import { listPasses, type Pass, unfilter } from "./png-rows.ts";
import { GREY, GREY_ALPHA, PALETTE, type PngHead, RGB, readPngChunks, readPngHead } from "./png.ts";

/**
 * The pixels of a PNG: grey or RGB, 8 bits. Of 16 bits the high ones are kept, alpha is dropped.
 *
 * Rows are inflated outside of JavaScript and undone as they come, so that the compressed data bound neither time nor
 * memory: what comes after the last row is never inflated.
 *
 * @throws InputError IMAGE_MALFORMED, IMAGE_UNSUPPORTED
 * @see https://www.w3.org/TR/png-3/
 */
export const decodePng = async (bytes: Uint8Array): Promise<Pixels> => {
  const head = readPngHead(bytes);
  const { palette, data } = readPngChunks(bytes);
  const channels = head.colourType === GREY || head.colourType === GREY_ALPHA ? 1 : 3;
  const pixels = new Uint8Array(head.width * head.height * channels);
  const rows = createRowReader(head, (row, pass, y) =>
    placeRow(row, { head, palette, pass, y }, pixels),
  );
  const inflate = createInflate({ chunkSize: chooseChunkBytes(pixels.length) });
  inflate.end(data.length === 1 ? data[0] : Buffer.concat(data));
  try {
    for await (const chunk of inflate as AsyncIterable<Uint8Array>) if (rows.push(chunk)) break;
  } catch (cause) {
    if (!isZlibError(cause)) throw cause;
    throw malformedPicture(`the PNG is damaged: its data do not inflate (${cause.message})`, cause);
  }
  if (!rows.push(new Uint8Array(0)))
    throw malformedPicture("the PNG's data end before its last row");
  return { data: pixels, width: head.width, height: head.height, channels };
};

/** Each chunk costs a turn of the event loop, and memory of its own. */
const chooseChunkBytes = (bytes: number): number => Math.min(Math.max(1024, 2 * bytes), 256 * 1024);

/** Cuts inflated data into rows and undoes their filters. */
const createRowReader = (
  { width, height, samples, bitDepth, isInterlaced }: PngHead,
  onRow: (row: Uint8Array, pass: Pass, y: number) => void,
): { /** True when all rows are there. */ push(chunk: Uint8Array): boolean } => {
  const bitsPerPixel = samples * bitDepth;
  const step = Math.max(1, bitsPerPixel >> 3);
  const passes = listPasses(width, height, isInterlaced)[Symbol.iterator]();
  let pass = passes.next().value;
  let y = 0;
  let filled = 0;
  let [row, above] = makeRows(pass, bitsPerPixel);

  const endRow = (): void => {
    unfilter(row[0]!, row.subarray(1), above.subarray(1), step);
    if (pass !== undefined) onRow(row.subarray(1), pass, y);
    [row, above] = [above, row];
    filled = 0;
    y += 1;
    if (y !== pass?.height) return;
    pass = passes.next().value;
    y = 0;
    [row, above] = makeRows(pass, bitsPerPixel);
  };

  const isDone = (): boolean => pass === undefined;
  return {
    push(chunk) {
      for (let at = 0; at < chunk.length && !isDone();) {
        const piece = chunk.subarray(at, at + row.length - filled);
        row.set(piece, filled);
        filled += piece.length;
        at += piece.length;
        if (filled === row.length) endRow();
      }
      return isDone();
    },
  };
};

/** A row and the one above it: the byte of the filter, then whole bytes of pixels. */
const makeRows = (pass: Pass | undefined, bitsPerPixel: number): [Uint8Array, Uint8Array] => {
  const bytes = 1 + Math.ceil(((pass?.width ?? 0) * bitsPerPixel) / 8);
  return [new Uint8Array(bytes), new Uint8Array(bytes)];
};

/** Where a row belongs. */
interface RowPlace {
  readonly head: PngHead;
  readonly palette: Uint8Array;
  readonly pass: Pass;
  readonly y: number;
}

const placeRow = (
  row: Uint8Array,
  { head: { width, bitDepth, samples, colourType }, palette, pass, y }: RowPlace,
  pixels: Uint8Array,
): void => {
  const start = (pass.top + y * pass.stepY) * width + pass.left;
  if (bitDepth === 8 && pass.stepX === 1 && (colourType === GREY || colourType === RGB)) {
    pixels.set(row, start * samples);
    return;
  }
  const mask = 2 ** bitDepth - 1;
  const sampleBytes = bitDepth === 16 ? 2 : 1;
  for (let x = 0; x < pass.width; x++) {
    const to = start + x * pass.stepX;
    if (bitDepth < 8 || colourType === PALETTE) {
      const bit = x * bitDepth;
      const value = (row[bit >> 3]! >> (8 - bitDepth - (bit & 7))) & mask;
      if (colourType !== PALETTE) pixels[to] = (value * 255) / mask;
      else pixels.set(palette.subarray(3 * value, 3 * value + 3), 3 * to);
      continue;
    }
    const from = x * samples * sampleBytes;
    if (samples < 3) {
      pixels[to] = row[from]!;
      continue;
    }
    pixels[3 * to] = row[from]!;
    pixels[3 * to + 1] = row[from + sampleBytes]!;
    pixels[3 * to + 2] = row[from + 2 * sampleBytes]!;
  }
};

const isZlibError = (error: unknown): error is Error =>
  error instanceof Error && /^Z_|^ERR_/.test(String((error as NodeJS.ErrnoException).code));
