import { setImmediate as nextTurn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Frees what nothing refers to any more. */
export interface GarbageCollector {
  /** What is young only, in about a millisecond. */
  collectYoung(): void;
  /** Everything, arrays outside the heap included; about 10 ms, during which nothing else runs. */
  collect(): Promise<void>;
  /** Everything, and gives empty pages back to the system; about 40 ms, during which nothing else runs. */
  collectAndShrink(): Promise<void>;
}

type Collect = (options: { type: "major" | "minor"; flavor?: "last-resort" }) => void;

/**
 * V8's own collector, which it does not show without `--expose-gc`; nothing else in the process is changed.
 *
 * A model that has been let go takes memory until V8 happens to collect it, which it does not do because a container
 * runs out of memory: it does not know the limit.
 *
 * @see https://nodejs.org/docs/latest-v24.x/api/v8.html#v8setflagsfromstringflags
 */
export const createGarbageCollector = (): GarbageCollector => {
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc") as Collect;
  const collectAll = async (flavor?: "last-resort"): Promise<void> => {
    // What was on the stack of the caller is still referred to until the turn is over.
    await nextTurn();
    gc({ type: "major", ...(flavor && { flavor }) });
    // Arrays are freed beside this thread; the next collection waits for that.
    gc({ type: "minor" });
  };
  return {
    collectYoung: () => gc({ type: "minor" }),
    collect: () => collectAll(),
    collectAndShrink: () => collectAll("last-resort"),
  };
};
