const MAGIC = 0xced7230a;
const LENGTH_MASK = 0x1fff_ffff;
const PART_SHIFT = 29;

/** The magic word and the length word of a frame. */
export const HEADER_BYTES = 8;

/** The magic word as it lies in a file. */
export const MAGIC_BYTES: Uint8Array = Uint8Array.of(0x0a, 0x23, 0xd7, 0xce);

/** Which part of a record a frame holds: the high three bits of its length word. */
const FIRST = 1;
const MIDDLE = 2;
const LAST = 3;

/** What the header of a frame says. */
export interface Frame {
  /** Whether this goes on with the record of the frame before. */
  readonly isContinuation: boolean;
  /** Whether the record ends here. */
  readonly isEnd: boolean;
  /** The payload, in bytes, up to 2^29 - 1. */
  readonly length: number;
  /** The payload and the zeros that fill it up to four bytes. */
  readonly paddedLength: number;
}

/**
 * Reads the header of a frame, {@link HEADER_BYTES} long.
 *
 * @param isInsideRecord Whether the frame before did not end its record.
 * @param hint What to look at when there is no magic word, a question.
 * @returns the frame, or what is wrong
 */
export const readFrame = (
  header: Uint8Array,
  isInsideRecord: boolean,
  hint: string,
): Frame | string => {
  const view = new DataView(header.buffer, header.byteOffset, HEADER_BYTES);
  if (view.getUint32(0, true) !== MAGIC) {
    const found = view.getUint32(0).toString(16).padStart(8, "0");
    return `no RecordIO magic word: expected the bytes 0a23d7ce, found ${found}; ${hint}`;
  }
  const word = view.getUint32(4, true);
  const part = word >>> PART_SHIFT;
  const isContinuation = part === MIDDLE || part === LAST;
  if (part > LAST || isContinuation !== isInsideRecord) {
    return `part flag ${part} does not follow the part before it`;
  }
  const length = word & LENGTH_MASK;
  return {
    isContinuation,
    isEnd: part !== FIRST && part !== MIDDLE,
    length,
    paddedLength: length + (-length & 3),
  };
};
