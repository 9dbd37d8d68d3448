import { crc32 } from "node:zlib";
import { malformedPicture, type PictureHead, unsupportedPicture } from "./picture.ts";

/** The colour types of PNG. */
export const GREY = 0;
export const RGB = 2;
export const PALETTE = 3;
export const GREY_ALPHA = 4;
export const RGB_ALPHA = 6;

/** The samples of a pixel and the bit depths, by colour type. */
const COLOURS: ReadonlyMap<
  number,
  { readonly samples: number; readonly depths: readonly number[] }
> = new Map([
  [GREY, { samples: 1, depths: [1, 2, 4, 8, 16] }],
  [RGB, { samples: 3, depths: [8, 16] }],
  [PALETTE, { samples: 1, depths: [1, 2, 4, 8] }],
  [GREY_ALPHA, { samples: 2, depths: [8, 16] }],
  [RGB_ALPHA, { samples: 4, depths: [8, 16] }],
]);

const SIGNATURE_BYTES = 8;
/** Length, type and checksum around the data of a chunk. */
const CHUNK_BYTES = 12;
const HEADER_AT = SIGNATURE_BYTES + 8;
const HEADER_BYTES = 13;

/** What the header chunk of a PNG says. */
export interface PngHead extends PictureHead {
  /** Of a sample: 1, 2, 4, 8 or 16. */
  readonly bitDepth: number;
  readonly colourType: number;
  /** Of a pixel, 1 to 4. */
  readonly samples: number;
  readonly isInterlaced: boolean;
}

/**
 * The header of a PNG, which comes first.
 *
 * @throws InputError IMAGE_MALFORMED, or IMAGE_UNSUPPORTED for colours and methods that no PNG has
 * @see https://www.w3.org/TR/png-3/#11IHDR
 */
export const readPngHead = (bytes: Uint8Array): PngHead => {
  if (bytes.length < HEADER_AT + HEADER_BYTES) throw cutOff();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (readType(bytes, SIGNATURE_BYTES) !== "IHDR") {
    throw malformedPicture("the PNG does not begin with its header");
  }
  const bitDepth = view.getUint8(HEADER_AT + 8);
  const colourType = view.getUint8(HEADER_AT + 9);
  const methods = view.getUint16(HEADER_AT + 10);
  const interlace = view.getUint8(HEADER_AT + 12);
  const colour = COLOURS.get(colourType);
  if (colour?.depths.includes(bitDepth) !== true || methods !== 0 || interlace > 1) {
    throw unsupportedPicture(
      `a PNG of colour type ${colourType} with ${bitDepth} bits, methods ${methods} and interlace ${interlace} is not known`,
    );
  }
  const [width, height] = [view.getUint32(HEADER_AT), view.getUint32(HEADER_AT + 4)];
  const isInterlaced = interlace === 1;
  return { width, height, passes: 1, bitDepth, colourType, samples: colour.samples, isInterlaced };
};

/** The chunks of a PNG that its pixels need. */
export interface PngChunks {
  /** 256 colours as RGB; black where the file says nothing. */
  readonly palette: Uint8Array;
  /** The compressed data, to be put together in order. */
  readonly data: readonly Uint8Array[];
}

/**
 * Walks over the chunks and compares their checksums; what is not needed for the pixels is skipped.
 *
 * @throws InputError IMAGE_MALFORMED when the file is cut off or damaged
 */
export const readPngChunks = (bytes: Uint8Array): PngChunks => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const palette = new Uint8Array(3 * 256);
  const data: Uint8Array[] = [];
  for (let at = SIGNATURE_BYTES; ;) {
    if (at + CHUNK_BYTES > bytes.length) throw cutOff();
    const length = view.getUint32(at);
    const end = at + CHUNK_BYTES + length;
    if (end > bytes.length) throw cutOff();
    const type = readType(bytes, at);
    if (crc32(bytes.subarray(at + 4, end - 4)) !== view.getUint32(end - 4)) {
      throw malformedPicture(`the PNG is damaged: the checksum of its chunk ${type} is wrong`);
    }
    if (type === "IEND") break;
    const content = bytes.subarray(at + 8, end - 4);
    if (type === "IDAT") data.push(content);
    if (type === "PLTE") palette.set(content.subarray(0, palette.length));
    at = end;
  }
  if (data.length === 0) throw malformedPicture("the PNG holds no image data");
  return { palette, data };
};

const readType = (bytes: Uint8Array, at: number): string =>
  Buffer.from(bytes.subarray(at + 4, at + 8)).toString("latin1");

const cutOff = (): Error => malformedPicture("the PNG is cut off: it has no end chunk");
