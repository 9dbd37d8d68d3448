import { type ChildProcess, fork } from "node:child_process";
import type { Socket } from "node:net";
import { ROLE_VARIABLE, type Role, workerEnvironment, workerFlags } from "./role.ts";

/** One process of a group. */
export interface Worker {
  readonly process: ChildProcess;
  /** It has loaded the model. */
  isReady: boolean;
  /** When it last showed that its event loop turns, by `performance.now()`. */
  seenMs: number;
  send(message: object, socket?: Socket): void;
}

/** Starts this same program again, in a role. */
export const forkWorker = (role: Role): Worker => {
  const [script = "", ...parameters] = process.argv.slice(1);
  const child = fork(script, parameters, {
    execArgv: [...process.execArgv, ...workerFlags()],
    env: { ...process.env, ...workerEnvironment(), [ROLE_VARIABLE]: role },
    serialization: role === "compute" ? "advanced" : "json",
  });
  return {
    process: child,
    isReady: false,
    seenMs: performance.now(),
    send(message, socket) {
      if (!child.connected) return;
      // A worker that dies meanwhile is told by its end.
      child.send(message, socket, { keepOpen: true }, () => {});
    },
  };
};

/** The ready worker with the smallest load below the limit; undefined when there is none. */
export const findLeastLoaded = (
  workers: ReadonlySet<Worker>,
  loads: ReadonlyMap<Worker, number>,
  limit: number = Infinity,
): Worker | undefined => {
  let best: Worker | undefined;
  let smallest = limit;
  for (const worker of workers) {
    const load = loads.get(worker) ?? 0;
    if (worker.isReady && load < smallest) [best, smallest] = [worker, load];
  }
  return best;
};
