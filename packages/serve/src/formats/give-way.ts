import { performance } from "node:perf_hooks";
import { setImmediate as nextTurn } from "node:timers/promises";

/** The longest that a loop holds up the event loop, in milliseconds. */
const SLICE_MS = 8;

/** For long loops: waits for the next turn of the event loop when the present one has been held up long enough. */
export const createGiveWay = (): (() => Promise<void>) => {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < SLICE_MS) return;
    await nextTurn();
    since = performance.now();
  };
};
