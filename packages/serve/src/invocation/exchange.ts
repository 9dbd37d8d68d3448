import type { Answer } from "../answer.ts";
import type { InvocationError } from "../invocation-error.ts";

/** What is known of a request before its body. */
export interface RequestHead {
  /** The value of a request header by its name in lower case. */
  header(name: string): string | undefined;
}

/**
 * One request for predictions under way, whatever carries it: bytes in, one answer out.
 *
 * Synchronous where the model is: a short prediction costs no promise.
 */
export interface Exchange {
  /**
   * Takes the next bytes of the body, which belong to the exchange from then on.
   *
   * @throws InputError or InvocationError as soon as a problem is seen
   */
  push(chunk: Uint8Array): void;
  /**
   * Called once, after the last byte; gives an answer for everything that can go wrong, and never throws or rejects.
   */
  finish(): Answer | Promise<Answer>;
  /** The client has gone, or the time is up: the prediction's signal turns. */
  abort(reason: Error): void;
  /** Rows of the request once they are known, for the metrics. */
  readonly rows: number;
}

/** Where predictions are computed: here, or in another process. */
export interface Invoker {
  /** Undefined when it can predict; else why not, a 503. */
  unavailable(): InvocationError | undefined;
  /**
   * Begins a request.
   *
   * @throws InvocationError when it cannot predict, and for headers that cannot be served: UNSUPPORTED_CONTENT_TYPE, …
   */
  open(head: RequestHead): Exchange;
}
