import type { DecoderFactory } from "../../format.ts";
import { InvocationError } from "../../invocation-error.ts";
import { collectBytes } from "../collect.ts";
import { createPictureDecoder, type PictureLimits } from "./decode-picture.ts";
import type { PictureType } from "./picture.ts";
import { requireImages } from "./require-images.ts";
import { sniff, SNIFFED_BYTES } from "./sniff.ts";

/** The media type that says only that it is an image. */
export const ANY_IMAGE = "application/x-image";

/**
 * Decodes a body that is one image, JPEG, PNG or WebP, to the size that the model takes.
 *
 * @throws InputError IMAGE_TYPE, IMAGE_MALFORMED, IMAGE_UNSUPPORTED; InvocationError BODY_EMPTY, IMAGE_TOO_LARGE (413)
 */
export const createImageDecoder =
  (limits: PictureLimits): DecoderFactory =>
  (declaration, _, mediaType) => {
    const input = requireImages(declaration);
    const { width, height, channels } = input;
    const declared = mediaType === ANY_IMAGE ? undefined : (mediaType as PictureType);
    const body = collectBytes();
    return {
      push(chunk) {
        const isFirst = body.byteLength === 0;
        body.push(chunk);
        if (isFirst && chunk.length >= SNIFFED_BYTES) sniff(chunk, declared);
      },
      async finish() {
        if (body.byteLength === 0) {
          throw new InvocationError(
            400,
            "BODY_EMPTY",
            "the body holds no image; send the bytes of one",
          );
        }
        const decoder = createPictureDecoder(input, limits);
        const pixels = await decoder.decode(body.finish(), declared);
        return { pixels, rows: 1, width, height, channels };
      },
    };
  };
