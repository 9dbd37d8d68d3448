import { malformedPicture, type PictureHead, unsupportedPicture } from "./picture.ts";

const RIFF_HEADER_BYTES = 8;
const FIRST_CHUNK_AT = 12;
/** As far as any of the three kinds of header reaches. */
const HEAD_BYTES = 30;
const ANIMATION_FLAG = 0x02;
const FOURTEEN_BITS = 0x3fff;
/** 9D 01 2A, read as a little-endian number. */
const VP8_START_CODE = 0x2a019d;
const VP8L_SIGNATURE = 0x2f;

/**
 * Width and height of a WebP, from its first chunk: lossy, lossless or extended.
 *
 * @throws InputError IMAGE_MALFORMED, or IMAGE_UNSUPPORTED for animations
 * @see https://developers.google.com/speed/webp/docs/riff_container
 */
export const readWebpHead = (bytes: Uint8Array): PictureHead => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEAD_BYTES || view.getUint32(4, true) + RIFF_HEADER_BYTES > bytes.length) {
    throw malformedPicture("the WebP is cut off: it is shorter than its header says");
  }
  const kind = Buffer.from(bytes.subarray(FIRST_CHUNK_AT, FIRST_CHUNK_AT + 4)).toString("latin1");
  if (kind === "VP8X") {
    if ((view.getUint8(20) & ANIMATION_FLAG) !== 0) {
      throw unsupportedPicture("an animated WebP is not read; send one of its frames");
    }
    return { width: read24(view, 24) + 1, height: read24(view, 27) + 1, passes: 1 };
  }
  if (kind === "VP8 " && read24(view, 23) === VP8_START_CODE) {
    const width = view.getUint16(26, true) & FOURTEEN_BITS;
    return { width, height: view.getUint16(28, true) & FOURTEEN_BITS, passes: 1 };
  }
  if (kind === "VP8L" && view.getUint8(20) === VP8L_SIGNATURE) {
    const bits = view.getUint32(21, true);
    const height = ((bits >>> 14) & FOURTEEN_BITS) + 1;
    return { width: (bits & FOURTEEN_BITS) + 1, height, passes: 1 };
  }
  throw malformedPicture("the WebP holds no image where its header should be");
};

const read24 = (view: DataView, at: number): number =>
  view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
