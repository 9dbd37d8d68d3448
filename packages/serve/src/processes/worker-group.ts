import { log } from "@byoc/metrics";
import type { InvocationError } from "../invocation-error.ts";
import { toUnavailability } from "../unavailability.ts";
import type { Role } from "./role.ts";
import { forkWorker, type Worker } from "./worker.ts";

/** How far the group has come. */
export type GroupState =
  | { readonly status: "loading" }
  | { readonly status: "ready" }
  | { readonly status: "failed"; readonly reason: string };

/** Processes of one kind that are replaced when they die. */
export interface WorkerGroup {
  readonly state: GroupState;
  readonly workers: ReadonlySet<Worker>;
  /** How many have been replaced. */
  readonly restarts: number;
  /** Replaces no more: resolves when all have ended; those left after the time-out are killed. */
  stop(timeoutMs: number): Promise<void>;
}

/** What a group is made of. */
export interface WorkerGroupOptions {
  readonly role: Role;
  readonly count: number;
  /** A ready worker whose event loop stands still for longer, and a little more, is killed, in milliseconds. */
  readonly predictTimeoutMs: number;
  /** It has been started, and may be told something before it loads. */
  onStart?(worker: Worker): void;
  onMessage(worker: Worker, message: { readonly type: string }): void;
  /** It is gone; what it was doing needs an answer. */
  onDeath(worker: Worker): void;
  /** A worker has loaded the model; `message` is what it said. */
  onReady(message: { readonly type: string }): void;
  /** Workers die again and again: the container cannot go on. */
  onCrashLoop(cause: string): void;
}

/** A worker that lives shorter than this has not really started. */
const SHORT_LIFE_MS = 5_000;
/** So many short lives one after the other are a loop. */
const MAX_SHORT_LIVES = 5;
/** A prediction that ends just in time is still to be answered. */
const EXTRA_SILENCE_MS = 2_000;
const PING_INTERVAL_MS = 1_000;
const MAX_BACKOFF_MS = 2_000;

/** Starts the processes of a group, watches over them and replaces those that die. */
export const startWorkers = (options: WorkerGroupOptions): WorkerGroup => {
  const workers = new Set<Worker>();
  let state: GroupState = { status: "loading" };
  let restarts = 0;
  let shortLives = 0;
  let isStopping = false;
  let onEmpty = (): void => {};

  const start = (): void => {
    if (isStopping || state.status === "failed") return;
    const startedMs = performance.now();
    const worker = forkWorker(options.role);
    let loadFailure: string | undefined;
    workers.add(worker);
    options.onStart?.(worker);
    worker.process.on("message", (message: { type: string; reason?: string; loadMs?: number }) => {
      worker.seenMs = performance.now();
      if (message.type === "ready") {
        worker.isReady = true;
        if (state.status === "loading") {
          log.info(`model loaded in ${message.loadMs} ms`);
          for (let index = 1; index < options.count; index++) start();
        }
        state = { status: "ready" };
        options.onReady(message);
      } else if (message.type === "failed") {
        // A model that has been loaded can be: a worker that fails later is replaced like one that dies.
        if (state.status === "loading") state = { status: "failed", reason: message.reason ?? "" };
        loadFailure = message.reason;
        worker.process.kill("SIGKILL");
      } else if (message.type !== "pong") {
        options.onMessage(worker, message);
      }
    });
    worker.process.on("error", (error) =>
      log.error(`a worker cannot be started: ${error.message}`),
    );
    worker.process.once("close", (code, signal) => {
      workers.delete(worker);
      options.onDeath(worker);
      if (workers.size === 0) onEmpty();
      if (isStopping || state.status === "failed") return;
      const cause =
        loadFailure === undefined
          ? `a worker ended with ${signal ?? `exit code ${code}`}`
          : `a worker could not load the model (${loadFailure})`;
      shortLives = performance.now() - startedMs < SHORT_LIFE_MS ? shortLives + 1 : 0;
      if (shortLives >= MAX_SHORT_LIVES) {
        options.onCrashLoop(`${cause}, the ${shortLives}th in a row soon after its start`);
        return;
      }
      restarts += 1;
      log.warn(`${cause}; it is replaced`);
      setTimeout(start, shortLives === 0 ? 0 : Math.min(100 * 2 ** shortLives, MAX_BACKOFF_MS));
    });
  };
  // The first has the machine for itself until it is ready; a model that cannot be loaded is said once.
  start();
  let beatMs = performance.now();
  const heart = setInterval(() => {
    const nowMs = performance.now();
    // While this process stood still itself, as in a container that was paused, it heard of no worker.
    if (nowMs - beatMs > 2 * PING_INTERVAL_MS) {
      for (const worker of workers) worker.seenMs = nowMs;
    }
    beatMs = nowMs;
    beat(workers, options.predictTimeoutMs + EXTRA_SILENCE_MS);
  }, PING_INTERVAL_MS);
  heart.unref();

  return {
    get state() {
      return state;
    },
    workers,
    get restarts() {
      return restarts;
    },
    async stop(timeoutMs) {
      isStopping = true;
      clearInterval(heart);
      if (workers.size === 0) return;
      const killer = setTimeout(() => {
        if (timeoutMs > 0)
          log.warn(`${workers.size} workers had not ended in time; they are killed`);
        for (const { process } of workers) process.kill("SIGKILL");
      }, timeoutMs);
      await new Promise<void>((resolve) => {
        onEmpty = resolve;
      });
      clearTimeout(killer);
    },
  };
};

/** Why no worker can answer; one that is being replaced counts as loading. */
export const explainUnready = (state: GroupState): InvocationError =>
  toUnavailability(state.status === "failed" ? state : { status: "loading" });

/** While a prediction computes, its event loop stands still: that is allowed for as long as a prediction may take. */
const beat = (workers: ReadonlySet<Worker>, maxSilenceMs: number): void => {
  for (const worker of workers) {
    if (!worker.isReady) continue;
    if (performance.now() - worker.seenMs > maxSilenceMs) {
      log.error(
        `a prediction has taken longer than ${Math.round(maxSilenceMs / 1000)} s: its worker is killed`,
      );
      worker.process.kill("SIGKILL");
    } else {
      worker.send({ type: "ping" });
    }
  }
};
