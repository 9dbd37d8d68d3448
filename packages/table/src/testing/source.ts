import type { Source } from "../source.ts";

/** A source of these bytes, whole or cut into chunks of the given length. */
export const sourceOf = (
  content: string | Uint8Array,
  {
    name = "training/data.csv",
    chunkBytes = Infinity,
  }: { name?: string; chunkBytes?: number } = {},
): Source => ({
  name,
  async *stream() {
    const bytes = Buffer.from(content);
    for (let start = 0; start < bytes.length; start += chunkBytes) {
      yield Uint8Array.from(bytes.subarray(start, start + chunkBytes));
    }
  },
});

/** A source that hands out these chunks as they are. */
export const sourceOfChunks = (chunks: readonly Uint8Array[], name: string): Source => ({
  name,
  async *stream() {
    yield* chunks;
  },
});
