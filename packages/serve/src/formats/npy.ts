import type { Format } from "../format.ts";
import { createArchiveDecoder } from "./npy/decode-archive.ts";
import { createArrayDecoder } from "./npy/decode-array.ts";
import { encodeNpy } from "./npy/encode.ts";

/**
 * Arrays of NumPy: `application/x-npy` in and out, `application/x-npz` in, for features and for images.
 *
 * Needs fflate beside it, which reads archives.
 *
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 * @example
 * await startServer({ modelDir, load, predict, input, formats: [npy] });
 */
export const npy: Format = {
  inputKinds: ["features", "images"],
  decoders: {
    "application/x-npy": createArrayDecoder,
    "application/x-npz": createArchiveDecoder,
  },
  encoders: { "application/x-npy": { isLabelsOnly: true, encode: encodeNpy } },
};
