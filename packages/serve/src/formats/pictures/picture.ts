import { InputError } from "@byoc/errors";
import { InvocationError } from "../../invocation-error.ts";

/** A decoded image: rows of pixels from the top, each from the left, 8 bits a channel. */
export interface Pixels {
  readonly data: Uint8Array | Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
  /** Of `data`: 1 is grey, 3 is RGB, 4 is RGB and alpha, which is dropped. */
  readonly channels: 1 | 3 | 4;
}

/** The media types of images that are read. */
export type PictureType = "image/jpeg" | "image/png" | "image/webp";

/** What the head of a file says, before anything is decoded. */
export interface PictureHead {
  readonly width: number;
  readonly height: number;
  /** How often a decoder goes over the pixels: the scans of a progressive JPEG, else 1. */
  readonly passes: number;
}

/** The error for an image that is cut off or damaged. */
export const malformedPicture = (problem: string, cause?: unknown): InputError =>
  new InputError("IMAGE_MALFORMED", problem, { cause });

/** The error for an image of a kind that is not read. */
export const unsupportedPicture = (problem: string): InputError =>
  new InputError("IMAGE_UNSUPPORTED", problem);

/** The error for images of more pixels than are decoded. */
export const tooManyPixels = (message: string): InvocationError =>
  new InvocationError(413, "IMAGE_TOO_LARGE", message);
