import { endianness } from "node:os";
import { InputError, quote } from "@byoc/errors";
import { readFloat16 } from "./float16.ts";

/** How the elements of an array lie in its file. */
export interface Dtype {
  /** NumPy's name without the byte order: `f8`. */
  readonly name: string;
  /** Of one element. */
  readonly bytes: number;
  readonly isLittleEndian: boolean;
  /** The element at a byte offset, as the nearest double. */
  readonly read: ReadElement;
}

/** One element as a double; 64-bit integers beyond 2^53 - 1 are rounded, and recognised by their size. */
export type ReadElement = (view: DataView, offset: number, isLittleEndian: boolean) => number;

const TWO_TO_32 = 2 ** 32;

const READERS: ReadonlyMap<string, ReadElement> = new Map<string, ReadElement>([
  ["b1", (view, at) => (view.getUint8(at) === 0 ? 0 : 1)],
  ["i1", (view, at) => view.getInt8(at)],
  ["u1", (view, at) => view.getUint8(at)],
  ["i2", (view, at, little) => view.getInt16(at, little)],
  ["u2", (view, at, little) => view.getUint16(at, little)],
  ["i4", (view, at, little) => view.getInt32(at, little)],
  ["u4", (view, at, little) => view.getUint32(at, little)],
  [
    "i8",
    (view, at, little) =>
      view.getInt32(little ? at + 4 : at, little) * TWO_TO_32 +
      view.getUint32(little ? at : at + 4, little),
  ],
  [
    "u8",
    (view, at, little) =>
      view.getUint32(little ? at + 4 : at, little) * TWO_TO_32 +
      view.getUint32(little ? at : at + 4, little),
  ],
  ["f2", (view, at, little) => readFloat16(view.getUint16(at, little))],
  ["f4", (view, at, little) => view.getFloat32(at, little)],
  ["f8", (view, at, little) => view.getFloat64(at, little)],
]);

/**
 * The type of an element by NumPy's name: byte order (`<`, `>`, `|` none, `=` this machine's), kind, bytes.
 *
 * @throws InputError NPY_DTYPE for anything but bool, int8 to int64, uint8 to uint64 and float16 to float64
 */
export const parseDtype = (descr: string): Dtype => {
  const [, order = "", name = "", bytes = ""] = /^([<>|=]?)([a-z](\d{1,2}))$/.exec(descr) ?? [];
  const read = READERS.get(name);
  if (read === undefined) {
    throw new InputError(
      "NPY_DTYPE",
      `expected an array of bool, int8 to int64, uint8 to uint64, float16, float32 or float64, ` +
        `found the dtype ${quote(descr)}${describeDtype(descr)}; convert it with .astype("float64")`,
    );
  }
  const isLittleEndian = order === "<" || (order !== ">" && endianness() === "LE");
  return { name, bytes: Number(bytes), isLittleEndian, read };
};

const describeDtype = (descr: string): string => {
  const kind = /^[<>|=]?([a-zA-Z])/.exec(descr)?.[1];
  if (kind === "O") return " (pickled objects, which are never read)";
  if (kind === "U" || kind === "S") return " (text)";
  if (kind === "M" || kind === "m") return " (dates or durations)";
  if (kind === "c") return " (complex numbers)";
  return "";
};
