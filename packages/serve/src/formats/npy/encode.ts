import { endianness } from "node:os";
import type { ClassPredictions, Predictions } from "../../service.ts";

/** The data of an array and what its header says of it. */
interface ArrayData {
  /** NumPy's name of the type without the byte order: `f8`, `U9`. */
  readonly type: string;
  readonly count: number;
  readonly values: Uint8Array | Float32Array | Float64Array | BigInt64Array | Uint32Array;
}

/** The data of a file of `numpy.save` begins at a multiple of this. */
const ALIGNMENT = 64;
const PREFIX_BYTES = 10;
const BYTE_ORDER = endianness() === "LE" ? "<" : ">";

/**
 * One prediction for each row as the file that `numpy.save` writes, version 1, one dimension.
 *
 * Values keep their type (float32 or float64). Labels that are whole numbers become int64, other numbers float64, any
 * other labels text (`<U…`). Probabilities have no place in it.
 *
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export const encodeNpy = (predictions: Predictions): Uint8Array<ArrayBuffer> => {
  const { type, count, values } =
    predictions.kind === "classes" ? encodeLabels(predictions) : encodeValues(predictions.values);
  const entries = `{'descr': '${BYTE_ORDER}${type}', 'fortran_order': False, 'shape': (${count},), }`;
  const unpadded = PREFIX_BYTES + entries.length + 1;
  const headerBytes = Math.ceil(unpadded / ALIGNMENT) * ALIGNMENT;
  const file = new Uint8Array(headerBytes + values.byteLength);
  const text = `${entries.padEnd(headerBytes - PREFIX_BYTES - 1)}\n`;
  Buffer.from(file.buffer).write("\x93NUMPY\x01\x00", "latin1");
  new DataView(file.buffer).setUint16(8, text.length, true);
  Buffer.from(file.buffer).write(text, PREFIX_BYTES, "latin1");
  file.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), headerBytes);
  return file;
};

const encodeValues = (values: Float32Array | Float64Array): ArrayData => ({
  type: values instanceof Float32Array ? "f4" : "f8",
  count: values.length,
  values,
});

const encodeLabels = ({ classes, indices }: ClassPredictions): ArrayData => {
  const count = indices.length;
  const numbers = toNumbers(classes);
  if (numbers === undefined) return encodeText(classes, indices);
  if (numbers.every((value) => Number.isSafeInteger(value)) && !classes.some(hasFraction)) {
    const whole = BigInt64Array.from(numbers, BigInt);
    const values = new BigInt64Array(count);
    for (let row = 0; row < count; row++) values[row] = whole[indices[row]!]!;
    return { type: "i8", count, values };
  }
  const values = new Float64Array(count);
  for (let row = 0; row < count; row++) values[row] = numbers[indices[row]!]!;
  return { type: "f8", count, values };
};

/** The labels as numbers, if each is one and no two are the same; 007 is a name. */
const toNumbers = (classes: readonly string[]): readonly number[] | undefined => {
  const numbers = classes.map((label) =>
    /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(label) ? Number(label) : NaN,
  );
  const isDistinct = new Set(numbers).size === classes.length;
  return isDistinct && numbers.every((value) => Number.isFinite(value)) ? numbers : undefined;
};

const hasFraction = (label: string): boolean => /[.eE]/.test(label);

/** Text as NumPy has it: UTF-32, each label filled up with zeros to the length of the longest. */
const encodeText = (
  classes: readonly string[],
  indices: ClassPredictions["indices"],
): ArrayData => {
  const points = classes.map((label) =>
    Uint32Array.from(label.toWellFormed(), (character) => character.codePointAt(0)!),
  );
  const width = points.reduce((longest, { length }) => Math.max(longest, length), 1);
  const values = new Uint32Array(indices.length * width);
  for (let row = 0; row < indices.length; row++) values.set(points[indices[row]!]!, row * width);
  return { type: `U${width}`, count: indices.length, values };
};
