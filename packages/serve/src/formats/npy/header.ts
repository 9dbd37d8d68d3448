import { InputError, quote } from "@byoc/errors";

/** What stands before the data of an array file. */
export interface NpyHeader {
  /** NumPy's name of the type of an element: `<f8`. */
  readonly descr: string;
  /** The first index runs fastest, as in Fortran. */
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
}

/** Reads the header of an array file from the bytes as they arrive. */
export interface NpyHeaderReader {
  /**
   * Takes the next bytes.
   *
   * @returns the bytes after the header once it is complete, else undefined
   * @throws InputError NPY_MALFORMED, NPY_DTYPE
   */
  push(chunk: Uint8Array): Uint8Array | undefined;
  /** The header once it is complete. */
  readonly header: NpyHeader | undefined;
}

/** Magic, version and length: 10 bytes in version 1, 12 in versions 2 and 3; every version 1 file has 12 bytes too. */
const PREFIX_BYTES = 12;
const MAGIC: Buffer = Buffer.from("\x93NUMPY", "latin1");

/** The most bytes of a header: what version 1 can say, and far more than a number array needs. */
export const MAX_HEADER_BYTES = 65_535;

/**
 * A reader for the header of versions 1 to 3.
 *
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export const createHeaderReader = (): NpyHeaderReader => {
  let held = new Uint8Array(PREFIX_BYTES);
  let length = 0;
  let textAt = 0;
  let header: NpyHeader | undefined;

  const take = (chunk: Uint8Array): Uint8Array => {
    const taken = chunk.subarray(0, held.length - length);
    held.set(taken, length);
    length += taken.length;
    return chunk.subarray(taken.length);
  };

  return {
    push(chunk) {
      let rest = take(chunk);
      if (length < held.length) return undefined;
      if (textAt === 0) {
        const prefix = readPrefix(held);
        textAt = prefix.textAt;
        held = new Uint8Array(held.buffer.transfer(prefix.headerBytes));
        rest = take(rest);
        if (length < held.length) return undefined;
      }
      header = parseHeaderText(Buffer.from(held.buffer, textAt).toString("utf8"));
      return rest;
    },
    get header() {
      return header;
    },
  };
};

const readPrefix = (prefix: Uint8Array): { textAt: number; headerBytes: number } => {
  const view = new DataView(prefix.buffer, prefix.byteOffset, prefix.byteLength);
  if (!MAGIC.equals(prefix.subarray(0, MAGIC.length))) {
    const found = quote(Buffer.from(prefix).toString("latin1"));
    throw malformed(`expected a file of numpy.save, which begins with \\x93NUMPY, found ${found}`);
  }
  const version = view.getUint8(6);
  if (version < 1 || version > 3) throw malformed(`version ${version} is none of 1, 2 and 3`);
  const textAt = version === 1 ? 10 : 12;
  const textBytes = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (textBytes > MAX_HEADER_BYTES) {
    throw malformed(`the header is ${textBytes} bytes long, more than ${MAX_HEADER_BYTES}`);
  }
  if (textAt + textBytes < PREFIX_BYTES) throw malformed("the header is empty");
  return { textAt, headerBytes: textAt + textBytes };
};

/** One entry of the Python dictionary: a text, a boolean, a tuple of whole numbers, or a list (of a record's fields). */
const ENTRY =
  /\s*(['"])(\w+)\1\s*:\s*(?:(['"])([^'"\\]*)\3|(True|False)|\(([\d\s,L]*)\)|(\[[^]*\]))\s*(,|$)/y;

/**
 * The header's Python dictionary.
 *
 * @throws InputError NPY_MALFORMED, or NPY_DTYPE for records
 */
export const parseHeaderText = (text: string): NpyHeader => {
  const inner = /^\s*\{([^]*)\}\s*$/.exec(text)?.[1]?.trim();
  if (inner === undefined) throw malformed(`expected a dictionary, found ${quote(text)}`);
  const entries = new Map<string, string | boolean | readonly number[]>();
  ENTRY.lastIndex = 0;
  while (ENTRY.lastIndex < inner.length) {
    const from = ENTRY.lastIndex;
    const [, , key = "", , name, truth, tuple, fields] = ENTRY.exec(inner) ?? [];
    if (key === "") throw malformed(`cannot read the header at ${quote(inner.slice(from))}`);
    if (fields !== undefined) throw recordsFound(fields);
    entries.set(key, name ?? (tuple === undefined ? truth === "True" : toShape(tuple)));
  }
  const descr = entries.get("descr");
  const fortranOrder = entries.get("fortran_order");
  const shape = entries.get("shape");
  if (typeof descr !== "string" || typeof fortranOrder !== "boolean" || !Array.isArray(shape)) {
    throw malformed(`expected descr, fortran_order and shape, found ${quote(text)}`);
  }
  return { descr, fortranOrder, shape };
};

const toShape = (tuple: string): readonly number[] => {
  const lengths = tuple.trim() === "" ? [] : tuple.trim().replace(/,$/, "").split(",");
  return lengths.map((length) => {
    // Python 2 wrote 3L for a long.
    const [, digits] = /^\s*(\d+)L?\s*$/.exec(length) ?? [];
    const value = Number(digits ?? NaN);
    if (!Number.isSafeInteger(value)) throw malformed(`no shape: ${quote(`(${tuple})`)}`);
    return value;
  });
};

const recordsFound = (fields: string): InputError =>
  new InputError(
    "NPY_DTYPE",
    `expected an array of numbers, found records of the type ${quote(fields)}; ` +
      "convert them with numpy.lib.recfunctions.structured_to_unstructured",
  );

const malformed = (problem: string): InputError => new InputError("NPY_MALFORMED", problem);
