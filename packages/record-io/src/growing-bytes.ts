const FIRST_LENGTH = 1024;

/** Bytes that arrive in pieces. */
export interface GrowingBytes {
  readonly byteLength: number;
  /** Copies a piece to the end. */
  push(piece: Uint8Array): void;
  /** Hands out all bytes, and begins anew. */
  take(): Uint8Array;
}

/**
 * Collects bytes into one array that doubles when it is full.
 *
 * Tiny pieces take no more memory than their bytes, and a length that is announced takes none before it has come.
 */
export const createGrowingBytes = (): GrowingBytes => {
  let bytes = new Uint8Array();
  let byteLength = 0;
  return {
    get byteLength() {
      return byteLength;
    },
    push(piece) {
      const needed = byteLength + piece.byteLength;
      if (needed > bytes.byteLength) {
        const length = Math.max(needed, 2 * bytes.byteLength, FIRST_LENGTH);
        bytes = new Uint8Array(bytes.buffer.transfer(length));
      }
      bytes.set(piece, byteLength);
      byteLength = needed;
    },
    take() {
      const taken = bytes.subarray(0, byteLength);
      bytes = new Uint8Array();
      byteLength = 0;
      return taken;
    },
  };
};
