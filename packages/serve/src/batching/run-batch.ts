import { isInputError } from "@byoc/errors";
import { isInvocationError } from "../invocation-error.ts";
import type { PredictContext, PredictResult, Predictions } from "../service.ts";
import { createBatchContext, MixedAttributesError } from "./batch-context.ts";
import { type JoinableRows, joinRows } from "./join-rows.ts";
import { splitPredictions } from "./split-predictions.ts";
import type { WaitingRequest } from "./waiting-queue.ts";

/** Predicts the rows of one call. */
export type PredictRows<Taken> = (rows: Taken, context: PredictContext) => PredictResult;

/** What a run found out about the model. */
export interface BatchOutcome {
  /** The model reads custom attributes: requests that differ in them must not share a call again. */
  readonly hasMixedAttributes: boolean;
}

/**
 * Predicts several requests in one call and gives each its own answer; never rejects.
 *
 * When the rows of one of them are at fault (an `InputError`, or an `InvocationError` below 500), each half is tried
 * again until that one is alone: everybody else is answered, and row numbers in its message are its own. Any other error
 * goes to every request of the call. Requests whose signal has turned meanwhile are left out.
 */
export const runBatch = async <Taken extends JoinableRows>(
  predict: PredictRows<Taken>,
  batch: readonly WaitingRequest<Taken>[],
): Promise<BatchOutcome> => {
  const requests = batch.filter((request) => !isDropped(request));
  const [first] = requests;
  if (first === undefined) return { hasMixedAttributes: false };
  if (requests.length === 1) return runAlone(predict, first);

  const context = createBatchContext(requests.map((request) => request.context));
  try {
    const rows = joinRows(requests.map((request) => request.rows));
    const predictions = requirePredictions(await predict(rows, context));
    const parts = splitPredictions(
      predictions,
      requests.map((request) => request.rows.rows),
    );
    for (const [at, part] of parts.entries()) requests[at]?.resolve(part);
    return { hasMixedAttributes: false };
  } catch (error) {
    const hasMixedAttributes = error instanceof MixedAttributesError;
    if (hasMixedAttributes || isOnesFault(error)) {
      const middle = requests.length >> 1;
      await runBatch(predict, requests.slice(0, middle));
      await runBatch(predict, requests.slice(middle));
    } else {
      for (const request of requests) request.reject(error);
    }
    return { hasMixedAttributes };
  } finally {
    context.close();
  }
};

const runAlone = async <Taken extends JoinableRows>(
  predict: PredictRows<Taken>,
  { rows, context, resolve, reject }: WaitingRequest<Taken>,
): Promise<BatchOutcome> => {
  try {
    resolve(requirePredictions(await predict(rows, context)));
  } catch (error) {
    reject(error);
  }
  return { hasMixedAttributes: false };
};

const isDropped = <Taken extends JoinableRows>({
  signal,
  reject,
}: WaitingRequest<Taken>): boolean => {
  if (signal.aborted) reject(signal.reason);
  return signal.aborted;
};

const isOnesFault = (error: unknown): boolean =>
  isInputError(error) || (isInvocationError(error) && error.status < 500);

const requirePredictions = (result: Awaited<PredictResult>): Predictions => {
  if (!(Symbol.asyncIterator in result)) return result;
  throw new Error(
    "predict() gave a stream, and streams cannot be batched; take `batching` out of the service, or answer at once",
  );
};
