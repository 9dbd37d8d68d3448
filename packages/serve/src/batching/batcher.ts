import type { Batching, PredictContext, PredictResult, Rows } from "../service.ts";
import { createHold } from "./hold.ts";
import { haveSameShape, isJoinable, type JoinableRows } from "./join-rows.ts";
import { toBatchLimits } from "./limits.ts";
import { type PredictRows, runBatch } from "./run-batch.ts";
import { createWaitingQueue, type WaitingRequest } from "./waiting-queue.ts";

/** One batch, after its requests have been answered. */
export interface BatchReport {
  /** How many requests it held, from 1. */
  readonly requests: number;
  readonly rows: number;
  /** Decoded rows. */
  readonly bytes: number;
  /** How long the oldest of them waited before it was computed, in milliseconds. */
  readonly queueAgeMs: number;
  /** How long the calls of `predict` took, in milliseconds; several calls when somebody's rows were at fault. */
  readonly durationMs: number;
}

/** What an observer is told; it must not throw. */
export interface BatchHooks {
  onBatch?(report: BatchReport): void;
}

/**
 * Makes a `predict` that computes the requests that come at the same time in one call.
 *
 * One call runs at a time; what comes meanwhile is the next batch, in the order in which it came, within `maxRows` and
 * `maxBytes`. A model that is idle computes a request at the end of the same turn of the event loop. A request whose
 * signal turns before it is computed is rejected with the signal's reason. A body as it came (`RawBody`) is not batched.
 *
 * @param predict Answers a matrix or images of any number of rows, one prediction each; not a stream.
 * @param batching The bounds that the service declares.
 * @throws {RangeError} for bounds that cannot be held.
 * @example
 * const predict = createBatcher((rows, context) => service.predict(model, rows, context), { maxRows: 64 });
 */
export const createBatcher = <Taken extends Rows>(
  predict: PredictRows<Taken>,
  batching: Batching,
  hooks: BatchHooks = {},
): PredictRows<Taken> => {
  const enqueue = createJoiner(predict as unknown as PredictRows<JoinableRows>, batching, hooks);
  return (rows, context) => (isJoinable(rows) ? enqueue(rows, context) : predict(rows, context));
};

const createJoiner = (
  predict: PredictRows<JoinableRows>,
  batching: Batching,
  hooks: BatchHooks,
): ((rows: JoinableRows, context: PredictContext) => PredictResult) => {
  const limits = toBatchLimits(batching);
  const queue = createWaitingQueue<JoinableRows>(limits);
  const hold = createHold(limits.maxDelayMs);
  let isComputing = false;
  let readsAttributes = false;
  let immediate: NodeJS.Immediate | undefined;
  let timer: NodeJS.Timeout | undefined;

  const canJoin = (
    first: WaitingRequest<JoinableRows>,
    next: WaitingRequest<JoinableRows>,
  ): boolean =>
    haveSameShape(first.rows, next.rows) &&
    (!readsAttributes || first.context.customAttributes === next.context.customAttributes);

  /** Plans the next call: never from within the call that added a request, so that all of this turn can join. */
  const plan = (): void => {
    if (isComputing || immediate !== undefined || queue.length === 0) return;
    const delayMs = queue.isFull ? 0 : hold.remainingMs(queue.length);
    if (delayMs > 0) {
      timer ??= setTimeout(compute, delayMs);
    } else {
      immediate = setImmediate(compute);
    }
  };

  const compute = async (): Promise<void> => {
    clearTimeout(timer);
    clearImmediate(immediate);
    timer = immediate = undefined;
    hold.onStart(queue.length);
    const batch = queue.takeBatch(canJoin);
    const oldest = batch[0];
    if (oldest === undefined) return;
    isComputing = true;
    const startedMs = performance.now();
    const outcome = await runBatch(predict, batch);
    const durationMs = performance.now() - startedMs;
    readsAttributes ||= outcome.hasMixedAttributes;
    isComputing = false;
    hold.onComputed(batch.length, queue.length, durationMs);
    plan();
    hooks.onBatch?.({
      requests: batch.length,
      rows: batch.reduce((total, { rows }) => total + rows.rows, 0),
      bytes: batch.reduce((total, { bytes }) => total + bytes, 0),
      queueAgeMs: startedMs - oldest.arrivedMs,
      durationMs,
    });
  };

  return (rows, context) => {
    const predictions = queue.add(rows, context);
    plan();
    return predictions;
  };
};
