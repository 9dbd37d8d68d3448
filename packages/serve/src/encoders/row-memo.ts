import type { ClassPredictions } from "../service.ts";

const SLOTS = 1024;
const SCALE = 2 ** 30;

/**
 * Remembers the text of rows with the same class and probabilities: the rows that end in one leaf of a tree have them in
 * common, and writing doubles is the dearest part of an answer.
 */
export class RowMemo {
  readonly #indices: ClassPredictions["indices"];
  readonly #probabilities: Float32Array | Float64Array;
  readonly #classes: number;
  /** For each slot the row that is remembered there, or -1. */
  readonly #rows = new Int32Array(SLOTS).fill(-1);
  readonly #texts: string[] = [];
  readonly #isRope = new Uint8Array(SLOTS);

  constructor(
    indices: ClassPredictions["indices"],
    probabilities: Float32Array | Float64Array,
    classes: number,
  ) {
    this.#indices = indices;
    this.#probabilities = probabilities;
    this.#classes = classes;
  }

  /** The text of a row, written anew unless a row like it was the last in its slot. */
  get(row: number, write: (row: number) => string): string {
    const slot = this.#hash(row);
    const earlier = this.#rows[slot]!;
    if (earlier !== -1 && this.#areEqual(earlier, row)) return this.#repeat(slot);
    const text = write(row);
    this.#rows[slot] = row;
    this.#texts[slot] = text;
    this.#isRope[slot] = 1;
    return text;
  }

  /** A text that comes again becomes one string: a rope of its parts would be put together for every row. */
  #repeat(slot: number): string {
    const text = this.#texts[slot]!;
    if (this.#isRope[slot] === 0) return text;
    this.#isRope[slot] = 0;
    return (this.#texts[slot] = Buffer.from(text).toString());
  }

  #hash(row: number): number {
    const offset = row * this.#classes;
    let hash = this.#indices[row]!;
    for (let index = 0; index < this.#classes; index++) {
      hash = (Math.imul(hash, 31) + this.#probabilities[offset + index]! * SCALE) | 0;
    }
    return (hash ^ (hash >>> 16)) & (SLOTS - 1);
  }

  #areEqual(earlier: number, row: number): boolean {
    if (this.#indices[earlier] !== this.#indices[row]) return false;
    const first = earlier * this.#classes;
    const second = row * this.#classes;
    for (let index = 0; index < this.#classes; index++) {
      if (this.#probabilities[first + index] !== this.#probabilities[second + index]) return false;
    }
    return true;
  }
}
