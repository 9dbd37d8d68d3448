import type { Answer } from "../answer.ts";
import type { Exchange, Invoker, RequestHead } from "../invocation/exchange.ts";
import { bodyTooLarge } from "../invocation/request-errors.ts";
import type { Rules } from "../invocation/rules.ts";
import type { InvocationError } from "../invocation-error.ts";
import { FORWARDED_HEADERS } from "./compute-messages.ts";
import type { ComputePool, RunningTask } from "./compute-pool.ts";

/** What a remote invoker is made of. */
export interface RemoteInvokerOptions {
  readonly pool: ComputePool;
  readonly maxBodyBytes: number;
  /** Why no process can predict now; undefined when one can. */
  unavailable(): InvocationError | undefined;
  /**
   * What the model reads and answers.
   *
   * @throws InvocationError MODEL_LOADING or MODEL_LOAD_FAILED (503) before it has been loaded once
   */
  requireRules(): Rules;
}

/**
 * Has requests computed by another process, and lets them wait for one that is being replaced; wrong headers and bodies
 * that are too large are refused here.
 */
export const createRemoteInvoker = (options: RemoteInvokerOptions): Invoker => ({
  unavailable: () => options.unavailable(),
  open(head) {
    options.requireRules().choose(head);
    if (Number(head.header("content-length") ?? 0) > options.maxBodyBytes) {
      throw bodyTooLarge(options.maxBodyBytes);
    }
    return new RemoteExchange(options, head);
  },
});

class RemoteExchange implements Exchange {
  rows = 0;
  readonly #options: RemoteInvokerOptions;
  readonly #headers: Record<string, string> = {};
  readonly #chunks: Uint8Array[] = [];
  #received = 0;
  #running: RunningTask | undefined;

  constructor(options: RemoteInvokerOptions, head: RequestHead) {
    this.#options = options;
    for (const name of FORWARDED_HEADERS) {
      const value = head.header(name);
      if (value !== undefined) this.#headers[name] = value;
    }
  }

  push(chunk: Uint8Array): void {
    this.#received += chunk.byteLength;
    const { maxBodyBytes } = this.#options;
    if (this.#received > maxBodyBytes) throw bodyTooLarge(maxBodyBytes);
    this.#chunks.push(chunk);
  }

  finish(): Promise<Answer> {
    this.#running = this.#options.pool.run({
      headers: this.#headers,
      chunks: this.#chunks,
      onRows: (rows) => {
        this.rows = rows;
      },
    });
    return this.#running.answer;
  }

  abort(reason: Error): void {
    this.#running?.abort(reason);
  }
}
