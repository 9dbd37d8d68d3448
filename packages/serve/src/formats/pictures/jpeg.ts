import { malformedPicture, type PictureHead, unsupportedPicture } from "./picture.ts";

const MARKER = 0xff;
const START_OF_IMAGE = 0xd8;
const END_OF_IMAGE = 0xd9;
const START_OF_SCAN = 0xda;
const FIRST_RESTART = 0xd0;
const LAST_RESTART = 0xd7;
const TEMPORARY = 0x01;

/** Huffman-coded frames: baseline, extended, progressive. */
const READ_FRAMES = new Set([0xc0, 0xc1, 0xc2]);
/** Codes from C0 to CF that begin no frame: Huffman tables, an extension, arithmetic coding. */
const NO_FRAMES = new Set([0xc4, 0xc8, 0xcc]);
const FRAME_BYTES = 8;

/**
 * Width, height and number of scans of a JPEG, from its markers; nothing is decoded.
 *
 * @throws InputError IMAGE_MALFORMED when it is cut off or no JPEG; IMAGE_UNSUPPORTED for CMYK, 12 bits, lossless and
 * arithmetic coding
 * @see https://www.w3.org/Graphics/JPEG/itu-t81.pdf B.1
 */
export const readJpegHead = (bytes: Uint8Array): PictureHead => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let head: PictureHead | undefined;
  let scans = 0;
  for (let at = 0; ;) {
    at = bytes.indexOf(MARKER, at);
    while (at >= 0 && bytes[at] === MARKER) at += 1;
    const code = bytes[at];
    if (at < 0 || code === undefined) throw cutOff();
    at += 1;
    if (code === END_OF_IMAGE) break;
    if (isAlone(code)) continue;
    if (at + 2 > bytes.length) throw cutOff();
    const end = at + view.getUint16(at);
    if (end > bytes.length) throw cutOff();
    if (code >= 0xc0 && code <= 0xcf && !NO_FRAMES.has(code)) {
      if (end - at < FRAME_BYTES) throw malformedPicture("the JPEG's frame header is too short");
      head ??= readFrame(code, view, at);
    }
    if (code === START_OF_SCAN) scans += 1;
    // Coded data follow a scan's header: FF there is stuffed with 00, or is the next marker.
    at = end;
  }
  if (head === undefined || scans === 0) throw malformedPicture("the JPEG holds no image");
  return { ...head, passes: scans };
};

/** Markers without a length; 00 is a stuffed byte of coded data. */
const isAlone = (code: number): boolean =>
  code === 0 ||
  code === TEMPORARY ||
  code === START_OF_IMAGE ||
  (code >= FIRST_RESTART && code <= LAST_RESTART);

const readFrame = (code: number, view: DataView, at: number): PictureHead => {
  const bits = view.getUint8(at + 2);
  const components = view.getUint8(at + 7);
  if (!READ_FRAMES.has(code)) {
    throw unsupportedPicture(
      `a JPEG with the frame type ${code.toString(16)} (lossless or arithmetic) is not read; save it as baseline or progressive`,
    );
  }
  if (bits !== 8) throw unsupportedPicture(`a JPEG of ${bits} bits is not read; save it with 8`);
  if (components !== 1 && components !== 3) {
    throw unsupportedPicture(
      `a JPEG of ${components} components (4 are CMYK) is not read; convert it to RGB or grey`,
    );
  }
  return { height: view.getUint16(at + 3), width: view.getUint16(at + 5), passes: 1 };
};

const cutOff = (): Error => malformedPicture("the JPEG is cut off: it has no end marker");
