import { InputError } from "@byoc/errors";
import { createCollector } from "../collect.ts";
import type { Dtype } from "./dtype.ts";

/** Takes the data of an array as it arrives. */
export interface ElementSink<Values> {
  /** @throws InputError NPY_LENGTH, NPY_NOT_A_NUMBER */
  push(chunk: Uint8Array): void;
  /**
   * All elements in the order of the file.
   *
   * @throws InputError NPY_LENGTH when some are missing
   */
  finish(): Values;
}

/** What is expected of the data of an array. */
export interface ElementsOptions {
  readonly dtype: Dtype;
  /** The number of elements, from 1. */
  readonly count: number;
  /** NaN is a missing value rather than an error. */
  readonly acceptsMissing?: boolean | undefined;
  /** Row and column, from 1, of the element at an index of the file. */
  locate(index: number): { readonly row: number; readonly column: number };
}

/** Numbers of any type as doubles, one by one checked. */
export const createNumberSink = ({
  dtype,
  count,
  acceptsMissing = false,
  locate,
}: ElementsOptions): ElementSink<Float64Array<ArrayBuffer>> => {
  const values = createCollector<Float64Array<ArrayBuffer>>(Float64Array, count);
  const missing = createCountdown(count * dtype.bytes);
  /** The bytes of an element whose other bytes come with the next chunk. */
  let split = new Uint8Array(0);

  const read = (bytes: Uint8Array): void => {
    const first = values.length;
    const room = values.room(bytes.length / dtype.bytes);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let index = 0; index < room.length; index++) {
      const value = dtype.read(view, index * dtype.bytes, dtype.isLittleEndian);
      const isGood =
        dtype.bytes === 8 && dtype.name !== "f8"
          ? Number.isSafeInteger(value)
          : value - value === 0;
      if (!isGood && !(acceptsMissing && Number.isNaN(value))) {
        throw notANumber(value, locate(first + index));
      }
      room[index] = value;
    }
  };

  return {
    push(chunk) {
      missing.take(chunk.byteLength);
      let rest = chunk;
      if (split.length > 0) {
        const completed = Buffer.concat([split, rest.subarray(0, dtype.bytes - split.length)]);
        rest = rest.subarray(completed.length - split.length);
        split = completed;
        if (split.length < dtype.bytes) return;
        read(split);
      }
      const whole = rest.length - (rest.length % dtype.bytes);
      read(rest.subarray(0, whole));
      split = rest.slice(whole);
    },
    finish() {
      missing.finish();
      return values.finish();
    },
  };
};

/** Bytes as they are. */
export const createByteSink = (count: number): ElementSink<Uint8Array<ArrayBuffer>> => {
  const values = createCollector<Uint8Array<ArrayBuffer>>(Uint8Array, count);
  const missing = createCountdown(count);
  return {
    push(chunk) {
      missing.take(chunk.byteLength);
      values.room(chunk.byteLength).set(chunk);
    },
    finish() {
      missing.finish();
      return values.finish();
    },
  };
};

/** Counts the bytes of the data against what shape and dtype say. */
const createCountdown = (bytes: number): { take(count: number): void; finish(): void } => {
  let missing = bytes;
  return {
    take(count) {
      missing -= count;
      if (missing >= 0) return;
      throw wrongLength(bytes, "more; send one array in a request");
    },
    finish() {
      if (missing > 0) throw wrongLength(bytes, `${bytes - missing}; was the file cut off?`);
    },
  };
};

const wrongLength = (expected: number, found: string): InputError =>
  new InputError(
    "NPY_LENGTH",
    `expected ${expected} bytes of data, as shape and dtype say, found ${found}`,
  );

const notANumber = (value: number, place: { row: number; column: number }): InputError => {
  const problem = Number.isFinite(value)
    ? `${value} is a whole number beyond 2^53 - 1, which a double cannot hold exactly`
    : `expected a finite number, found ${value}`;
  return new InputError("NPY_NOT_A_NUMBER", problem, place);
};
