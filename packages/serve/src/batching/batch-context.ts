import type { PredictContext } from "../service.ts";

/** Thrown into a `predict` that asks for the custom attributes of several requests that differ in them. */
export class MixedAttributesError extends Error {
  override readonly name: string = "MixedAttributesError";
  constructor() {
    super("the requests of this batch differ in their custom attributes");
  }
}

/** What `predict` is told of several requests at once. */
export interface BatchContext extends PredictContext {
  /** Lets go of the requests' signals. */
  close(): void;
}

/**
 * One context for several requests.
 *
 * Its signal turns when all of theirs have, and is only made when it is asked for. Attributes that are set go to every
 * request. Attributes that are read must be the same for all.
 *
 * @throws {MixedAttributesError} from its getter `customAttributes`.
 */
export const createBatchContext = (contexts: readonly PredictContext[]): BatchContext => {
  let signal: AbortSignal | undefined;
  const closed = new AbortController();
  return {
    get signal() {
      signal ??= joinSignals(
        contexts.map((context) => context.signal),
        closed.signal,
      );
      return signal;
    },
    get customAttributes() {
      const attributes = contexts[0]?.customAttributes;
      if (contexts.some((context) => context.customAttributes !== attributes)) {
        throw new MixedAttributesError();
      }
      return attributes;
    },
    setCustomAttributes(value) {
      for (const context of contexts) context.setCustomAttributes?.(value);
    },
    close: () => closed.abort(),
  };
};

/** A signal that turns with the last of the signals. */
const joinSignals = (signals: readonly AbortSignal[], closed: AbortSignal): AbortSignal => {
  const all = new AbortController();
  const onAbort = (): void => {
    if (signals.every((signal) => signal.aborted)) all.abort(signals.at(-1)?.reason);
  };
  for (const signal of signals) {
    signal.addEventListener("abort", onAbort, { once: true, signal: closed });
  }
  onAbort();
  return all.signal;
};
