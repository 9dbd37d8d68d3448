const FIRST_LENGTH = 1024;

/** The arrays that are collected into. */
type Collected = Float64Array<ArrayBuffer> | Uint8Array<ArrayBuffer>;

/** An array that grows as its elements arrive. */
export interface Collector<Values extends Collected> {
  /** Room for the next `count` elements, zeros until they are written. */
  room(count: number): Values;
  /** How many elements there is room for so far. */
  readonly length: number;
  /** Hands out the array and gives it up. */
  finish(): Values;
}

/**
 * Collects elements into one array that doubles when it is full: what a client announces takes no memory before it has
 * come.
 *
 * @param Type The array to make.
 * @param most The most elements that can come, where that is known: the array never grows beyond them.
 */
export const createCollector = <Values extends Collected>(
  Type: { new (buffer: ArrayBuffer): Values; readonly BYTES_PER_ELEMENT: number },
  most: number = Infinity,
): Collector<Values> => {
  let values = new Type(new ArrayBuffer(Math.min(FIRST_LENGTH, most) * Type.BYTES_PER_ELEMENT));
  let length = 0;
  const resize = (elements: number): Values =>
    new Type(values.buffer.transfer(elements * Type.BYTES_PER_ELEMENT));

  return {
    room(count) {
      const needed = length + count;
      if (needed > values.length) {
        values = resize(Math.max(needed, Math.min(2 * values.length, most)));
      }
      const room = values.subarray(length, needed) as Values;
      length = needed;
      return room;
    },
    get length() {
      return length;
    },
    finish: () => (length === values.length ? values : resize(length)),
  };
};

/** Collects the bytes of a body. */
export interface ByteCollector {
  push(chunk: Uint8Array): void;
  readonly byteLength: number;
  /** All bytes in one piece; the chunk itself when there was only one. */
  finish(): Uint8Array;
}

/** Keeps the chunks of a body until all are there. */
export const collectBytes = (): ByteCollector => {
  let chunks: Uint8Array[] = [];
  let byteLength = 0;
  return {
    push(chunk) {
      chunks.push(chunk);
      byteLength += chunk.byteLength;
    },
    get byteLength() {
      return byteLength;
    },
    finish() {
      const [only] = chunks;
      const bytes = chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks);
      chunks = [];
      return bytes;
    },
  };
};
