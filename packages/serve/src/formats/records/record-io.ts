import { InputError } from "@byoc/errors";
import { collectBytes } from "../collect.ts";

const MAGIC = 0xced7230a;
const HEADER_BYTES = 8;
const LENGTH_MASK = 0x1fff_ffff;
const PART_SHIFT = 29;

/** Which part of a record a frame holds: the high three bits of its length word. */
const WHOLE = 0;
const FIRST = 1;
const MIDDLE = 2;
const LAST = 3;

/** The most parts of a record, of which a real one has hardly any. */
const MAX_PARTS = 10_000;

/** The magic word as it lies in a file; a writer splits a record where its payload holds this, and drops it there. */
const MAGIC_BYTES: Uint8Array = Uint8Array.of(0x0a, 0x23, 0xd7, 0xce);

/** Takes the RecordIO framing off a stream. */
export interface RecordIoReader {
  /** @throws InputError RECORDIO_MALFORMED when the framing is broken, and what `onRecord` throws */
  push(chunk: Uint8Array): void;
  /** @throws InputError RECORDIO_MALFORMED when the stream ends inside a record */
  finish(): void;
}

/**
 * Takes the RecordIO framing off bytes as they arrive: magic word, length word, payload, padding to four bytes.
 *
 * Records of several parts are joined, and the magic word that their writer dropped at each seam is put back.
 *
 * @param onRecord Takes the payload of each record in order; it may be a view of the pushed bytes.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/cdf-training.html
 */
export const createRecordIoReader = (onRecord: (payload: Uint8Array) => void): RecordIoReader => {
  let record = 1;
  let parts: Uint8Array[] = [];
  let frame: Frame | undefined;
  /** Bytes of a header, or of a payload and its padding, that are not all there yet. */
  let held = collectBytes();

  const fail = (problem: string): InputError =>
    new InputError("RECORDIO_MALFORMED", problem, { row: record });

  const endFrame = ({ part, length }: Frame, bytes: Uint8Array): void => {
    const payload = bytes.subarray(0, length);
    if (part === MIDDLE || part === LAST) parts.push(MAGIC_BYTES);
    if (part !== WHOLE) parts.push(payload);
    if (parts.length > 2 * MAX_PARTS) throw fail(`more than ${MAX_PARTS} parts`);
    if (part === FIRST || part === MIDDLE) return;
    onRecord(part === WHOLE ? payload : Buffer.concat(parts));
    parts = [];
    record += 1;
  };

  /** Takes a header, or a payload with its padding. */
  const takePiece = (piece: Uint8Array): void => {
    if (frame === undefined) {
      frame = readFrame(piece, parts.length > 0, fail);
      return;
    }
    const ended = frame;
    frame = undefined;
    endFrame(ended, piece);
  };

  return {
    push(chunk) {
      let rest = chunk;
      for (;;) {
        const wanted = frame === undefined ? HEADER_BYTES : paddedLength(frame);
        const piece = rest.subarray(0, wanted - held.byteLength);
        rest = rest.subarray(piece.byteLength);
        if (held.byteLength + piece.byteLength < wanted) {
          if (piece.byteLength > 0) held.push(piece);
          return;
        }
        if (held.byteLength === 0) {
          takePiece(piece);
          continue;
        }
        held.push(piece);
        const whole = held.finish();
        held = collectBytes();
        takePiece(whole);
      }
    },
    finish() {
      if (held.byteLength > 0 || frame !== undefined || parts.length > 0) {
        throw fail("the body ends inside this record; was it cut off?");
      }
    },
  };
};

/** What the header of a frame says. */
interface Frame {
  readonly part: number;
  /** Of the payload, in bytes, up to 2^29 - 1. */
  readonly length: number;
}

const paddedLength = ({ length }: Frame): number => length + (-length & 3);

const readFrame = (
  header: Uint8Array,
  isInsideRecord: boolean,
  fail: (problem: string) => InputError,
): Frame => {
  const view = new DataView(header.buffer, header.byteOffset, HEADER_BYTES);
  const magic = view.getUint32(0, true);
  if (magic !== MAGIC) {
    const found = magic.toString(16).padStart(8, "0");
    throw fail(
      `expected the RecordIO magic word ced7230a, found ${found}; ` +
        "is the body RecordIO, and are records padded to 4 bytes?",
    );
  }
  const word = view.getUint32(4, true);
  const part = word >>> PART_SHIFT;
  const isContinuation = part === MIDDLE || part === LAST;
  if (part > LAST || isContinuation !== isInsideRecord) {
    throw fail(`the part flag ${part} does not follow the part before it`);
  }
  return { part, length: word & LENGTH_MASK };
};
