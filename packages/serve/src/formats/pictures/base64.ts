import { InputError, quote } from "@byoc/errors";

/**
 * The bytes of a base64 text, in the standard or the URL-safe alphabet, with or without `=` at the end.
 *
 * @throws InputError IMAGE_BASE64
 * @see https://www.rfc-editor.org/rfc/rfc4648
 */
export const decodeBase64 = (text: string): Uint8Array => {
  const end = text.endsWith("==") ? -2 : text.endsWith("=") ? -1 : undefined;
  const digits = text.slice(0, end).length;
  const bytes = Buffer.from(text, "base64");
  // What is no digit is skipped by Node, so that fewer bytes come out.
  if (digits % 4 !== 1 && bytes.length === Math.floor((digits * 3) / 4)) return bytes;
  const hint = text.startsWith("data:") ? "; leave out what comes before the comma" : "";
  throw new InputError("IMAGE_BASE64", `expected base64 text, found ${quote(text)}${hint}`);
};
