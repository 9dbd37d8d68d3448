import { createGarbageCollector } from "./garbage-collector.ts";

/** What a process has to do. */
export interface Work {
  /** Requests that are here now. */
  readonly waiting: number;
  /** Requests that have been answered since the start. */
  readonly answered: number;
}

const REST_MS = 1_000;
/** A process that has grown less is left alone. */
const GROWTH_BYTES = 8 * 1024 * 1024;

/**
 * Gives memory back to the system when a process rests after work: V8 keeps what large requests took until more is
 * needed, and several workers keep it several times.
 *
 * Costs about 40 ms, once, when nothing has come for a second.
 */
export const giveMemoryBackAtRest = (work: Work): void => {
  let seen = 0;
  let restingBytes = process.memoryUsage.rss();
  let isDirty = false;
  const look = async (): Promise<void> => {
    if (work.answered !== seen || work.waiting > 0) {
      seen = work.answered;
      isDirty = true;
    } else if (isDirty) {
      isDirty = false;
      if (process.memoryUsage.rss() < restingBytes + GROWTH_BYTES) return;
      await createGarbageCollector().collectAndShrink();
      restingBytes = process.memoryUsage.rss();
    }
  };
  setInterval(() => void look(), REST_MS).unref();
};
