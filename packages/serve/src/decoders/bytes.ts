import type { Decoder, DecoderFactory } from "../format.ts";

/** The body as it came, of any media type: one row. */
export const decodeBytes: DecoderFactory = (_input, _limits, mediaType): Decoder => {
  const chunks: Uint8Array[] = [];
  return {
    push(chunk) {
      chunks.push(chunk);
    },
    finish() {
      const [first] = chunks;
      const bytes = chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks);
      return { bytes, contentType: mediaType, rows: 1 };
    },
  };
};
