/** After this many holds in vain, one in 64 batches is still held to see whether it pays again. */
const MAX_SKIPPED_BATCHES = 64;

/** Decides whether requests that could be computed now wait for more to come. */
export interface Hold {
  /** How long to wait yet, in milliseconds; 0 is not at all. */
  remainingMs(waiting: number): number;
  /** Call when a batch is about to be computed, with the number of requests that wait. */
  onStart(waiting: number): void;
  /** Call when a batch has been computed: how many requests it held, how many wait, and how long it took. */
  onComputed(computed: number, waiting: number, durationMs: number): void;
}

/**
 * Holds the requests that came during a call for those just answered to come back, at most `maxDelayMs`.
 *
 * Clients that wait for each answer would otherwise fall into two halves that are computed in turn, each in half a
 * batch. The hold ends as soon as all are back, never lasts longer than the call before took, and is given up for a
 * growing number of batches when fewer than half come back in time. A model that has not computed for `maxDelayMs`, or
 * computed for one client alone, holds nobody.
 */
export const createHold = (maxDelayMs: number): Hold => {
  let untilMs = 0;
  let expected = 0;
  let returning = 0;
  let startedWith = 0;
  let isHeld = false;
  let misses = 0;
  let skipped = 0;

  return {
    remainingMs(waiting) {
      if (waiting >= expected) return 0;
      const remainingMs = Math.max(0, untilMs - performance.now());
      if (remainingMs > 0) isHeld = true;
      return remainingMs;
    },
    onStart(waiting) {
      if (!isHeld) return;
      isHeld = false;
      const isWorthwhile = 2 * (waiting - startedWith) >= returning;
      misses = isWorthwhile ? 0 : misses + 1;
      skipped = isWorthwhile ? 0 : Math.min(2 ** misses, MAX_SKIPPED_BATCHES);
    },
    onComputed(computed, waiting, durationMs) {
      const isSkipped = skipped > 0;
      if (isSkipped) skipped -= 1;
      returning = computed;
      startedWith = waiting;
      expected = isSkipped ? 0 : computed + waiting;
      untilMs = performance.now() + Math.min(maxDelayMs, durationMs);
    },
  };
};
