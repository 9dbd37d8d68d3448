import * as jpeg from "@jsquash/jpeg/decode.js";
import * as webp from "@jsquash/webp/decode.js";
import type { ImageInput } from "../../service.ts";
import { type CodecModule, createCodec } from "./codec.ts";
import { readJpegHead } from "./jpeg.ts";
import {
  malformedPicture,
  type PictureHead,
  type PictureType,
  type Pixels,
  tooManyPixels,
} from "./picture.ts";
import { decodePng } from "./png-decode.ts";
import { readPngHead } from "./png.ts";
import { fitPicture } from "./resize.ts";
import { sniff } from "./sniff.ts";
import { readWebpHead } from "./webp.ts";

/** Bounds on images. */
export interface PictureLimits {
  /** The most pixels of an image as it is sent, before it is resized. */
  readonly maxPixels: number;
}

/** Decodes the images of one request, one after the other. */
export interface PictureDecoder {
  /**
   * One image as the model takes it: uint8, height x width x channels.
   *
   * @throws InputError IMAGE_TYPE, IMAGE_MALFORMED, IMAGE_UNSUPPORTED; InvocationError IMAGE_TOO_LARGE (413)
   */
  decode(bytes: Uint8Array, declared?: PictureType): Promise<Uint8Array>;
}

/** All images of a request together may have this many times the pixels of one. */
const MAX_IMAGES_OF_FULL_SIZE = 10;

/** A decoder goes over the pixels of a progressive image once a scan; this often is what real ones need, twice over. */
const MAX_PASSES_OF_FULL_SIZE = 20;

const HEADS: Readonly<Record<PictureType, (bytes: Uint8Array) => PictureHead>> = {
  "image/jpeg": readJpegHead,
  "image/png": readPngHead,
  "image/webp": readWebpHead,
};

const DECODERS: Readonly<Record<PictureType, (bytes: Uint8Array) => Promise<Pixels>>> = {
  "image/jpeg": createCodec({
    name: "JPEG",
    module: jpeg as unknown as CodecModule,
    wasmPath: "@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm",
    // Turns the image as its EXIF orientation says.
    options: { preserveOrientation: true },
    fatalComplaints: /^(?:Premature end|Corrupt JPEG data(?!: \d+ extraneous))/,
  }),
  "image/png": decodePng,
  "image/webp": createCodec({
    name: "WebP",
    module: webp as unknown as CodecModule,
    wasmPath: "@jsquash/webp/codec/dec/webp_dec.wasm",
    fatalComplaints: /$^/,
  }),
};

/** Images are decoded one at a time: each takes several times its pixels of memory. */
let queue: Promise<unknown> = Promise.resolve();

/** A decoder for one request, which adds up its pixels. */
export const createPictureDecoder = (
  input: ImageInput,
  { maxPixels }: PictureLimits,
): PictureDecoder => {
  let pixelsSoFar = 0;
  return {
    async decode(bytes, declared) {
      const type = sniff(bytes, declared);
      const head = HEADS[type](bytes);
      const pixels = head.width * head.height;
      checkSize(type, head, maxPixels);
      pixelsSoFar += pixels;
      if (pixelsSoFar > MAX_IMAGES_OF_FULL_SIZE * maxPixels) {
        throw tooManyPixels(
          `the images of the request hold more than ${MAX_IMAGES_OF_FULL_SIZE * maxPixels} pixels together; ` +
            "send fewer at a time",
        );
      }
      const fitted = queue.then(async () => fitPicture(await DECODERS[type](bytes), input));
      queue = fitted.catch(() => {});
      return fitted;
    },
  };
};

const checkSize = (
  type: PictureType,
  { width, height, passes }: PictureHead,
  maxPixels: number,
): void => {
  if (width === 0 || height === 0) throw malformedPicture(`the image is ${width} x ${height}`);
  const pixels = width * height;
  if (pixels > maxPixels) {
    throw tooManyPixels(
      `the image is ${width} x ${height}, ${pixels} pixels; this container takes at most ${maxPixels}, send a smaller one`,
    );
  }
  if (pixels * passes > MAX_PASSES_OF_FULL_SIZE * maxPixels) {
    throw tooManyPixels(
      `the ${type} of ${width} x ${height} comes in ${passes} scans, more than this container decodes; save it as baseline`,
    );
  }
};
