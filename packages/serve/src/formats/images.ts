import type { Format } from "../format.ts";
import { ANY_IMAGE, createImageDecoder } from "./pictures/decode-image.ts";
import { createInstancesDecoder } from "./pictures/decode-instances.ts";

/** What a container may change of how images are read. */
export interface ImagesOptions {
  /** The most pixels of an image as it is sent, before it is resized; default 50,000,000. */
  readonly maxPixels?: number;
}

const DEFAULT_MAX_PIXELS = 50_000_000;

/**
 * Images in: `image/jpeg`, `image/png`, `image/webp`, `application/x-image` for any of them, and `application/json`
 * with base64 for several; resized to what the model declares.
 *
 * Needs @jsquash/jpeg and @jsquash/webp beside it.
 *
 * @example
 * await startServer({ modelDir, load, predict, input, formats: [createImages({ maxPixels: 12_000_000 })] });
 */
export const createImages = ({ maxPixels = DEFAULT_MAX_PIXELS }: ImagesOptions = {}): Format => {
  const image = createImageDecoder({ maxPixels });
  return {
    inputKinds: ["images"],
    decoders: {
      "image/jpeg": image,
      "image/png": image,
      "image/webp": image,
      [ANY_IMAGE]: image,
      "application/json": createInstancesDecoder({ maxPixels }),
    },
  };
};

/** {@link createImages} with its defaults. */
export const images: Format = createImages();
