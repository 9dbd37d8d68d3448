import type { PredictContext, Predictions } from "../service.ts";
import type { BatchLimits } from "./limits.ts";
import { countBytes, type JoinableRows } from "./join-rows.ts";

/** A request that waits for its prediction. */
export interface WaitingRequest<Taken extends JoinableRows> {
  readonly rows: Taken;
  readonly context: PredictContext;
  readonly signal: AbortSignal;
  readonly bytes: number;
  /** When it came, of `performance.now()`. */
  readonly arrivedMs: number;
  resolve(predictions: Predictions): void;
  reject(reason: unknown): void;
}

/** Requests in the order in which they came. */
export interface WaitingQueue<Taken extends JoinableRows> {
  /** How many requests wait. */
  readonly length: number;
  /** Whether one more row would not fit into the next batch. */
  readonly isFull: boolean;
  /** Adds a request, which leaves by itself, rejected with the signal's reason, when its signal turns. */
  add(rows: Taken, context: PredictContext): Promise<Predictions>;
  /** Takes the longest run from the front that keeps within the limits; a request beyond them goes alone. */
  takeBatch(
    canJoin: (first: WaitingRequest<Taken>, next: WaitingRequest<Taken>) => boolean,
  ): WaitingRequest<Taken>[];
}

/** An empty queue; nobody passes anybody in it, so that a large request is not starved by small ones. */
export const createWaitingQueue = <Taken extends JoinableRows>({
  maxRows,
  maxBytes,
}: BatchLimits): WaitingQueue<Taken> => {
  const waiting = new Map<WaitingRequest<Taken>, () => void>();
  let rowCount = 0;
  let byteCount = 0;

  const remove = (request: WaitingRequest<Taken>): void => {
    const stopWatching = waiting.get(request);
    if (stopWatching === undefined) return;
    stopWatching();
    waiting.delete(request);
    rowCount -= request.rows.rows;
    byteCount -= request.bytes;
  };

  const add = (request: WaitingRequest<Taken>): void => {
    const { signal } = request;
    const drop = (): void => {
      remove(request);
      request.reject(signal.reason);
    };
    signal.addEventListener("abort", drop);
    waiting.set(request, () => signal.removeEventListener("abort", drop));
    rowCount += request.rows.rows;
    byteCount += request.bytes;
  };

  return {
    get length() {
      return waiting.size;
    },
    get isFull() {
      return rowCount >= maxRows || byteCount >= maxBytes;
    },
    add(rows, context) {
      const { signal } = context;
      if (signal.aborted) return Promise.reject(signal.reason);
      return new Promise((resolve, reject) => {
        const arrivedMs = performance.now();
        add({ rows, context, signal, bytes: countBytes(rows), arrivedMs, resolve, reject });
      });
    },
    takeBatch(canJoin) {
      const batch: WaitingRequest<Taken>[] = [];
      let rows = 0;
      let bytes = 0;
      for (const request of waiting.keys()) {
        rows += request.rows.rows;
        bytes += request.bytes;
        const first = batch[0];
        if (first !== undefined) {
          if (rows > maxRows || bytes > maxBytes || !canJoin(first, request)) break;
        }
        batch.push(request);
      }
      for (const request of batch) remove(request);
      return batch;
    },
  };
};
