import { InputError } from "@byoc/errors";

const MAGIC = 0xced7230a;
const HEADER_BYTES = 8;
const LENGTH_MASK = 0x1fff_ffff;

/** The part of a record that a frame holds: the high three bits of its length word. */
const WHOLE = 0;
const FIRST = 1;
const MIDDLE = 2;
const LAST = 3;

/** The magic word as it lies in a file; a writer splits a record where its payload holds this, and drops it there. */
const MAGIC_BYTES: Uint8Array = Uint8Array.of(0x0a, 0x23, 0xd7, 0xce);

/**
 * Takes the RecordIO framing off a stream: magic word, length word, payload, padding to four bytes.
 *
 * Records of several parts are joined, and the magic word that their writer dropped at each seam is put back.
 *
 * @param name Of the stream, for messages.
 * @returns the payload of each record in order
 * @throws InputError RECORDIO when the framing is broken or the stream ends inside a record
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/cdf-training.html
 */
export const readRecordIo = async function* (
  chunks: AsyncIterable<Uint8Array>,
  name: string,
): AsyncGenerator<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  try {
    yield* readRecords(createByteReader(iterator), name);
  } finally {
    // A reader that has had enough lets go of the stream: its writer waits otherwise.
    await iterator.return?.();
  }
};

const readRecords = async function* (bytes: ByteReader, name: string): AsyncGenerator<Uint8Array> {
  let parts: Uint8Array[] = [];
  for (let record = 1; ;) {
    const fail = (problem: string): InputError =>
      new InputError("RECORDIO", `record ${record}: ${problem}`, { file: name });
    const header = await bytes.read(HEADER_BYTES);
    if (header.byteLength === 0 && parts.length === 0) return;
    if (header.byteLength < HEADER_BYTES) throw fail("the stream ends inside a record");
    const view = new DataView(header.buffer, header.byteOffset, HEADER_BYTES);
    if (view.getUint32(0, true) !== MAGIC) {
      throw fail("no RecordIO magic word; is the channel's RecordWrapperType right?");
    }
    const length = view.getUint32(4, true) & LENGTH_MASK;
    const part = view.getUint32(4, true) >>> 29;
    const isContinuation = part === MIDDLE || part === LAST;
    if (part > LAST || isContinuation !== parts.length > 0) {
      throw fail(`part flag ${part} does not follow the part before it`);
    }
    const payload = await bytes.read(length);
    const padding = await bytes.read(-length & 3);
    if (payload.byteLength < length || padding.byteLength < (-length & 3)) {
      throw fail("the stream ends inside a record");
    }
    parts.push(...(isContinuation ? [MAGIC_BYTES, payload] : [payload]));
    if (part === FIRST || part === MIDDLE) continue;
    yield part === WHOLE ? payload : Buffer.concat(parts);
    parts = [];
    record += 1;
  }
};

interface ByteReader {
  /** The next `length` bytes, or fewer when the stream ends. */
  read(length: number): Promise<Uint8Array>;
}

const createByteReader = (iterator: AsyncIterator<Uint8Array>): ByteReader => {
  let rest: Uint8Array = new Uint8Array();
  return {
    async read(length) {
      const pieces: Uint8Array[] = [];
      let missing = length;
      while (missing > 0) {
        if (rest.byteLength === 0) {
          const next = await iterator.next();
          if (next.done) break;
          rest = next.value;
        }
        const piece = rest.subarray(0, missing);
        pieces.push(piece);
        rest = rest.subarray(piece.byteLength);
        missing -= piece.byteLength;
      }
      const [only] = pieces;
      return pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces);
    },
  };
};
