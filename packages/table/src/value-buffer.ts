const INITIAL_VALUES = 1024;
/** 2 MiB, and two of them, stay with the process between requests. */
const MAX_KEPT_VALUES = 256 * 1024;
const MAX_KEPT_ARRAYS = 2;

/** Stands for the array that was given up. */
const NONE: Float64Array<ArrayBuffer> = new Float64Array();

/** Arrays that no request uses. */
const kept: Float64Array<ArrayBuffer>[] = [];

/** float64 values that are written one after the other into one growing array, which the next buffer uses again. */
export class ValueBuffer {
  /** Write at `length` and count it up, at most as many as were reserved. */
  values: Float64Array<ArrayBuffer> = kept.pop() ?? new Float64Array(INITIAL_VALUES);
  length = 0;

  /** Makes room for so many values more; `values` may be another array afterwards. */
  reserve(count: number): void {
    const needed = this.length + Math.ceil(count);
    if (needed <= this.values.length) return;
    const values = new Float64Array(Math.max(needed, 2 * this.values.length));
    values.set(this.values.subarray(0, this.length));
    this.values = values;
  }

  /** The values in an array of their own, of exactly their length. The buffer must not be used any more. */
  take(): Float64Array<ArrayBuffer> {
    const values = this.values.slice(0, this.length);
    this.release();
    return values;
  }

  /** Gives the array up. The buffer must not be used any more. */
  release(): void {
    if (kept.length < MAX_KEPT_ARRAYS && this.values.length <= MAX_KEPT_VALUES) {
      kept.push(this.values);
    }
    this.values = NONE;
  }
}
