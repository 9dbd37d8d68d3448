/**
 * Takes bytes that end with a whole piece: those from `start` to before `end`.
 *
 * @returns Whether to go on; false stops the cutting for good.
 */
export type OnBlock = (bytes: Uint8Array, start: number, end: number) => boolean;

/** The most bytes that are handed on at once, so that none holds the process up. */
const MAX_BLOCK_BYTES = 64 * 1024;

/**
 * Cuts a stream of chunks into blocks that end where a piece (a cell, a line) ends, so that none is seen in parts.
 *
 * Bytes are copied only for a piece that lies in several chunks.
 *
 * @param ends The bytes after which a piece ends: 1 at their places, 256 in all.
 * @param maxPieceBytes A piece that lies in several chunks and is longer stops the cutting.
 */
export class BlockCutter {
  readonly #ends: Uint8Array;
  readonly #onBlock: OnBlock;
  readonly #maxPieceBytes: number;
  #carried: Uint8Array[] = [];
  #carriedBytes = 0;

  constructor(ends: Uint8Array, onBlock: OnBlock, maxPieceBytes: number = Infinity) {
    this.#ends = ends;
    this.#onBlock = onBlock;
    this.#maxPieceBytes = maxPieceBytes;
  }

  /** Takes the next chunk, and tells whether to go on. */
  take(chunk: Uint8Array): boolean {
    if (chunk.length <= MAX_BLOCK_BYTES) return this.#takePart(chunk);
    for (let start = 0; start < chunk.length; start += MAX_BLOCK_BYTES) {
      if (!this.#takePart(chunk.subarray(start, start + MAX_BLOCK_BYTES))) return false;
    }
    return true;
  }

  /** Hands on what is left over, with a byte behind it that ends it. */
  finish(end: number): boolean {
    const last = Uint8Array.of(end);
    const block = this.#carriedBytes === 0 ? last : Buffer.concat([...this.#carried, last]);
    this.#carried = [];
    return this.#onBlock(block, 0, block.length);
  }

  #takePart(chunk: Uint8Array): boolean {
    const ends = this.#ends;
    let last = chunk.length - 1;
    while (last >= 0 && ends[chunk[last]!] === 0) last--;
    if (last === -1) return this.#carry(chunk);

    let start = 0;
    if (this.#carriedBytes > 0) {
      while (ends[chunk[start]!] === 0) start++;
      start++;
      const block = Buffer.concat([...this.#carried, chunk.subarray(0, start)]);
      this.#carried = [];
      this.#carriedBytes = 0;
      if (!this.#onBlock(block, 0, block.length)) return false;
    }
    if (start <= last && !this.#onBlock(chunk, start, last + 1)) return false;
    return last + 1 === chunk.length || this.#carry(chunk.subarray(last + 1));
  }

  #carry(rest: Uint8Array): boolean {
    this.#carried.push(rest);
    this.#carriedBytes += rest.length;
    return this.#carriedBytes <= this.#maxPieceBytes;
  }
}

/** The bytes after which a piece ends, as {@link BlockCutter} takes them. */
export const endsOf = (characters: string): Uint8Array => {
  const ends = new Uint8Array(256);
  for (const byte of Buffer.from(characters)) ends[byte] = 1;
  return ends;
};
