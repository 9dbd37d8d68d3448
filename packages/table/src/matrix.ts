/** Row-major matrix: the value of row r, column c is `values[r * columns + c]`. */
export interface Matrix {
  /** float64, `rows * columns` of them, all finite; NaN only where the reader accepts missing values. */
  readonly values: Float64Array;
  readonly rows: number;
  readonly columns: number;
}

const INITIAL_VALUES = 1024;

/** Collects values one by one, row after row, into one growing array. */
export interface MatrixBuilder {
  /** Adds the next value, from left to right and from top to bottom. */
  push(value: number): void;
  /** Hands out the matrix and gives up the array; `columns` is at least 1. */
  finish(columns: number): Matrix;
}

/** An empty matrix to push values into; the array doubles when it is full, so a value is moved about once. */
export const createMatrixBuilder = (): MatrixBuilder => {
  let values = new Float64Array(INITIAL_VALUES);
  let length = 0;

  return {
    push(value) {
      if (length === values.length) values = resize(values, 2 * length);
      values[length++] = value;
    },
    finish: (columns) => ({ values: resize(values, length), rows: length / columns, columns }),
  };
};

/** The same values in an array of another length; the old one is detached, so that both need not exist at once. */
const resize = (values: Float64Array<ArrayBuffer>, length: number): Float64Array<ArrayBuffer> =>
  new Float64Array(values.buffer.transfer(length * Float64Array.BYTES_PER_ELEMENT));
