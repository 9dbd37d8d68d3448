import { InputError, quote } from "@byoc/errors";
import type { PictureType } from "./picture.ts";

/** The bytes that tell what a file is. */
export const SNIFFED_BYTES = 12;

/** First bytes as Latin-1; a dot stands for any byte. */
const SIGNATURES: readonly (readonly [RegExp, PictureType])[] = [
  [/^\xff\xd8\xff/, "image/jpeg"],
  [/^\x89PNG\r\n[^]\n/, "image/png"],
  [/^RIFF[^]{4}WEBP/, "image/webp"],
];

/** What is sent by mistake, and what it is called. */
const OTHERS: readonly (readonly [RegExp, string])[] = [
  [/^GIF8/, "a GIF"],
  [/^BM/, "a BMP"],
  [/^(?:II\*\0|MM\0\*)/, "a TIFF"],
  [/^[^]{4}ftyp(?:avi[fs])/, "an AVIF"],
  [/^[^]{4}ftyp(?:hei|hev|mif|msf)/, "a HEIC"],
  [/^\x93NUMPY/, "an array of NumPy, which is application/x-npy"],
  [/^(?:\/9j\/|iVBORw|UklGR)/, "base64 text; send the bytes themselves"],
  [/^data:/, "a data: URL; send the bytes themselves"],
  [/^\s*[{[]/, 'JSON; send it as application/json: {"instances": [{"b64": "…"}]}'],
  [/^\s*</, "markup"],
  [/^--/, "a multipart form; send the bytes of the image alone"],
];

/**
 * The type of an image by its first bytes.
 *
 * @param bytes The first {@link SNIFFED_BYTES} of the file, or more.
 * @param declared What the request says; an image of another type is refused.
 * @throws InputError IMAGE_TYPE
 */
export const sniff = (bytes: Uint8Array, declared?: PictureType): PictureType => {
  const head = Buffer.from(bytes.subarray(0, SNIFFED_BYTES)).toString("latin1");
  const found = SIGNATURES.find(([signature]) => signature.test(head))?.[1];
  if (found === undefined) {
    const other = OTHERS.find(([signature]) => signature.test(head))?.[1];
    const expected = declared ?? "a JPEG, PNG or WebP image";
    const problem = `expected ${expected}, found ${other ?? `a file that begins with ${quote(head)}`}`;
    throw new InputError("IMAGE_TYPE", problem);
  }
  if (declared !== undefined && declared !== found) {
    throw new InputError(
      "IMAGE_TYPE",
      `expected ${declared}, as the Content-Type says, found ${found}; application/x-image takes either`,
    );
  }
  return found;
};
