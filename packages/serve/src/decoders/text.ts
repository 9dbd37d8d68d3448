import { TextDecoder } from "node:util";
import { InputError } from "@byoc/errors";
import type { Body } from "../body.ts";

/**
 * The whole body as text, without its byte order mark.
 *
 * @throws {InputError} `BODY_NOT_UTF8`.
 */
export const readText = async (body: Body): Promise<string> => {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  for await (const chunk of body) text += decode(decoder, chunk);
  return text + decode(decoder);
};

const decode = (decoder: TextDecoder, chunk?: Uint8Array): string => {
  try {
    return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
  } catch (cause) {
    throw new InputError("BODY_NOT_UTF8", "the body is not text in UTF-8", { cause });
  }
};
