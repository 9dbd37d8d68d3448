/** Runs tasks with the same key one after the other, in the order in which they were given; never within the call. */
export interface Turns {
  run<Result>(key: string, task: () => Promise<Result>): Promise<Result>;
}

/** Nobody's turn yet. */
export const createTurns = (): Turns => {
  const last = new Map<string, Promise<unknown>>();
  return {
    async run(key, task) {
      const turn = (last.get(key) ?? Promise.resolve()).then(task, task);
      last.set(key, turn);
      try {
        return await turn;
      } finally {
        if (last.get(key) === turn) last.delete(key);
      }
    },
  };
};

/** Runs tasks, at most so many at once; the others wait in the order in which they were given. */
export interface Slots {
  run<Result>(task: () => Promise<Result>): Promise<Result>;
}

/** All slots are free; `count` is at least 1. */
export const createSlots = (count: number): Slots => {
  const waiting: (() => void)[] = [];
  let free = count;
  return {
    async run(task) {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await task();
      } finally {
        const next = waiting.shift();
        if (next === undefined) free += 1;
        else next();
      }
    },
  };
};
