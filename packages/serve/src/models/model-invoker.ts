import type { Answer } from "../answer.ts";
import { answerError } from "../answer.ts";
import type { Exchange, Invoker, RequestHead } from "../invocation/exchange.ts";
import { openLocalExchange } from "../invocation/local-invoker.ts";
import { bodyTooLarge } from "../invocation/request-errors.ts";
import { InvocationError } from "../invocation-error.ts";
import type { ReadyModel } from "../model-state.ts";
import type { AppSettings } from "../settings.ts";
import type { ModelRegistry } from "./model-registry.ts";

/** POST /models/{id}/invoke: the same rules as /invocations, for one of many models. */
export const createModelInvoker = (
  registry: ModelRegistry,
  id: string,
  settings: AppSettings,
): Invoker => ({
  unavailable: () => undefined,
  open(head) {
    const model = registry.require(id);
    return model instanceof Promise
      ? new DeferredExchange(model, settings, head)
      : openLocalExchange(model, settings, head);
  },
});

/** What answers /ping and /invocations of a multi-model endpoint: it has no model of its own. */
export const MODELLESS_INVOKER: Invoker = {
  unavailable: () => undefined,
  open() {
    throw new InvocationError(
      404,
      "MODEL_NOT_NAMED",
      "this is a multi-model endpoint: it predicts at POST /models/{model_name}/invoke",
    );
  },
};

/** Keeps the body until the model is there: at its first use after a restart. */
class DeferredExchange implements Exchange {
  rows = 0;
  readonly #model: Promise<ReadyModel>;
  readonly #settings: AppSettings;
  readonly #head: RequestHead;
  readonly #chunks: Uint8Array[] = [];
  #received = 0;
  #exchange: Exchange | undefined;

  constructor(model: Promise<ReadyModel>, settings: AppSettings, head: RequestHead) {
    this.#model = model;
    this.#settings = settings;
    this.#head = head;
    // Looked at in finish().
    model.catch(() => {});
  }

  push(chunk: Uint8Array): void {
    this.#received += chunk.byteLength;
    const { maxBodyBytes } = this.#settings;
    if (this.#received > maxBodyBytes) throw bodyTooLarge(maxBodyBytes);
    this.#chunks.push(chunk);
  }

  async finish(): Promise<Answer> {
    try {
      const exchange = openLocalExchange(await this.#model, this.#settings, this.#head);
      this.#exchange = exchange;
      for (const chunk of this.#chunks) exchange.push(chunk);
      const answer = await exchange.finish();
      this.rows = exchange.rows;
      return answer;
    } catch (error) {
      return answerError(error);
    }
  }

  abort(reason: Error): void {
    this.#exchange?.abort(reason);
  }
}
