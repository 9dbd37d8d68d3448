import { InputError, type InputLocation } from "@byoc/errors";
import { type Frame, HEADER_BYTES, MAGIC_BYTES, readFrame } from "./frame.ts";
import { createGrowingBytes } from "./growing-bytes.ts";

/** How errors speak of the stream. */
export interface RecordReaderOptions {
  /** Where the record of this number, from 1, lies; by default it is a row. */
  readonly locate?: (record: number) => InputLocation;
  /** What to look at when the stream is no RecordIO, a question at the end of the message. */
  readonly hint?: string;
}

/** Takes the RecordIO framing off a stream, chunk by chunk. */
export interface RecordReader {
  /**
   * The records that end in this chunk, in order; read them all before the next push.
   *
   * A record may be a view of the chunk, and is the reader's no more: whoever takes it may keep it.
   *
   * @throws InputError RECORDIO when the framing is broken, behind the records before it
   */
  push(chunk: Uint8Array): Iterable<Uint8Array>;
  /** @throws InputError RECORDIO when the stream ends inside a record */
  finish(): void;
}

/**
 * Makes a reader that takes the RecordIO framing off bytes as they arrive: magic word, length word, payload, padding to
 * four bytes.
 *
 * A writer splits a record where its payload holds the magic word, and drops it there; such records are joined, and the
 * magic words put back.
 *
 * @example
 * const reader = createRecordReader();
 * for await (const chunk of stream) {
 *   for (const record of reader.push(chunk)) console.log(record.byteLength);
 * }
 * reader.finish();
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/cdf-training.html
 * @see https://github.com/dmlc/dmlc-core/blob/main/include/dmlc/recordio.h
 */
export const createRecordReader = ({
  locate = (record) => ({ row: record }),
  hint = "are these RecordIO records, padded to 4 bytes?",
}: RecordReaderOptions = {}): RecordReader => {
  let record = 1;
  /** The frame whose payload comes next; none before a header. */
  let frame: Frame | undefined;
  let isInsideRecord = false;
  /** The beginning of a header, or of a payload with its padding. */
  const piece = createGrowingBytes();
  /** The parts of a record so far. */
  const joined = createGrowingBytes();

  const fail = (problem: string): InputError => new InputError("RECORDIO", problem, locate(record));

  const readHeader = (header: Uint8Array): Frame => {
    const found = readFrame(header, isInsideRecord, hint);
    if (typeof found === "string") throw fail(found);
    return found;
  };

  /** Takes the payload of a frame; returns the record that ends with it. */
  const takePayload = (
    { isContinuation, isEnd }: Frame,
    payload: Uint8Array,
  ): Uint8Array | undefined => {
    isInsideRecord = !isEnd;
    if (isEnd && !isContinuation) return payload;
    if (isContinuation) joined.push(MAGIC_BYTES);
    joined.push(payload);
    return isEnd ? joined.take() : undefined;
  };

  return {
    *push(chunk) {
      let rest = chunk;
      for (;;) {
        const wanted = frame === undefined ? HEADER_BYTES : frame.paddedLength;
        const found = rest.subarray(0, wanted - piece.byteLength);
        rest = rest.subarray(found.byteLength);
        const isWhole = piece.byteLength + found.byteLength === wanted;
        if (!isWhole || piece.byteLength > 0) piece.push(found);
        if (!isWhole) return;
        const bytes = piece.byteLength > 0 ? piece.take() : found;
        if (frame === undefined) {
          frame = readHeader(bytes);
          continue;
        }
        const payload = takePayload(frame, bytes.subarray(0, frame.length));
        frame = undefined;
        if (payload === undefined) continue;
        record += 1;
        yield payload;
      }
    },
    finish() {
      if (piece.byteLength > 0 || frame !== undefined || isInsideRecord) {
        throw fail("the stream ends inside a record; was it cut off?");
      }
    },
  };
};
