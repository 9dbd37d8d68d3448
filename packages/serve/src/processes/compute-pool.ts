import { type Answer, answerError } from "../answer.ts";
import { workerDied } from "../invocation/request-errors.ts";
import type { ComputeMessage } from "./compute-messages.ts";
import { RemoteParts } from "./remote-parts.ts";
import { findLeastLoaded, type Worker } from "./worker.ts";

/** One prediction for another process. */
export interface ComputeTask {
  readonly headers: Readonly<Record<string, string>>;
  /** The body; emptied once it is on its way. */
  readonly chunks: Uint8Array[];
  /** Takes the rows of the request once they are known. */
  onRows(rows: number): void;
}

/** A prediction that waits or runs. */
export interface RunningTask {
  readonly answer: Promise<Answer>;
  abort(reason: Error): void;
}

/** Predictions that wait for a process, first come, first served. */
export interface ComputePool {
  run(task: ComputeTask): RunningTask;
  onMessage(worker: Worker, message: ComputeMessage): void;
  onDeath(worker: Worker): void;
  /** A process may have become free. */
  dispatch(): void;
}

interface Entry {
  readonly id: number;
  /** When it came, by `performance.now()`. */
  readonly sinceMs: number;
  readonly task: ComputeTask;
  readonly resolve: (answer: Answer) => void;
  worker: Worker | undefined;
  /** Takes the parts of a streamed answer. */
  parts: RemoteParts | undefined;
}

/**
 * Spreads predictions over processes.
 *
 * @param slots How many predictions a process is given at a time; more than one only helps a model that batches.
 * @param onTaken Told how long a prediction has waited for a process, in milliseconds.
 */
export const createComputePool = (
  getWorkers: () => ReadonlySet<Worker>,
  slots: number,
  onTaken: (ageMs: number) => void = () => {},
): ComputePool => {
  const waiting: Entry[] = [];
  const running = new Map<number, Entry>();
  const loads = new Map<Worker, number>();
  let nextId = 1;

  const release = (entry: Entry): void => {
    running.delete(entry.id);
    const { worker } = entry;
    if (worker !== undefined) loads.set(worker, (loads.get(worker) ?? 1) - 1);
    dispatch();
  };
  const dispatch = (): void => {
    while (waiting.length > 0) {
      const worker = findLeastLoaded(getWorkers(), loads, slots);
      if (worker === undefined) return;
      const entry = waiting.shift();
      if (entry === undefined) return;
      entry.worker = worker;
      running.set(entry.id, entry);
      onTaken(performance.now() - entry.sinceMs);
      loads.set(worker, (loads.get(worker) ?? 0) + 1);
      const { headers, chunks } = entry.task;
      worker.send({ type: "request", id: entry.id, headers, chunks });
      chunks.length = 0;
    }
  };
  const abort = (entry: Entry, reason: Error): void => {
    const place = waiting.indexOf(entry);
    if (place !== -1) waiting.splice(place, 1);
    else entry.worker?.send({ type: "abort", id: entry.id, reason: reason.message });
    entry.parts?.end(reason);
    entry.resolve(answerError(reason));
  };

  return {
    run(task) {
      const { promise, resolve } = Promise.withResolvers<Answer>();
      const entry: Entry = {
        id: nextId++,
        sinceMs: performance.now(),
        task,
        resolve,
        worker: undefined,
        parts: undefined,
      };
      waiting.push(entry);
      dispatch();
      return { answer: promise, abort: (reason) => abort(entry, reason) };
    },
    onMessage(worker, message) {
      if (!("id" in message)) return;
      const entry = running.get(message.id);
      if (entry === undefined) return;
      if (message.type === "answer") {
        entry.task.onRows(message.rows);
        const { status, headers, body } = message;
        if (body === undefined) {
          entry.parts = new RemoteParts(() => worker.send({ type: "taken", id: entry.id }));
          entry.resolve({ status, headers, body: entry.parts });
        } else {
          entry.resolve({ status, headers, body });
          release(entry);
        }
      } else if (message.type === "part") {
        entry.parts?.push(message.data);
      } else {
        const { problem } = message;
        entry.parts?.end(problem === undefined ? undefined : new Error(problem));
        release(entry);
      }
    },
    onDeath(worker) {
      for (const entry of running.values()) {
        if (entry.worker !== worker) continue;
        running.delete(entry.id);
        entry.parts?.end(workerDied());
        entry.resolve(answerError(workerDied()));
      }
      loads.delete(worker);
    },
    dispatch,
  };
};
