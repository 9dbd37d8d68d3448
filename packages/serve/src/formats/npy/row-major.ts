import { createGiveWay } from "../give-way.ts";

/** Elements between two looks at the clock. */
const ELEMENTS_PER_LOOK = 1 << 18;

/**
 * The elements of an array in Fortran order (first index fastest) in C order (last index fastest).
 *
 * Gives way to the event loop every few milliseconds.
 *
 * @param shape One to four lengths whose product is `from.length`.
 */
export const toRowMajor = async <
  Values extends Float64Array<ArrayBuffer> | Uint8Array<ArrayBuffer>,
>(
  from: Values,
  shape: readonly number[],
): Promise<Values> => {
  const [first = 1, second = 1, third = 1, fourth = 1] = [1, 1, 1, ...shape].slice(-4);
  const to = from.slice() as Values;
  const giveWay = createGiveWay();
  let at = 0;
  let look = ELEMENTS_PER_LOOK;
  for (let a = 0; a < first; a++) {
    for (let b = 0; b < second; b++) {
      for (let c = 0; c < third; c++) {
        const start = a + first * (b + second * c);
        const step = first * second * third;
        for (let d = 0; d < fourth; d++) to[at++] = from[start + step * d]!;
        if (at < look) continue;
        look = at + ELEMENTS_PER_LOOK;
        await giveWay();
      }
    }
  }
  return to;
};
