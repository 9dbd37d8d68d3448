import type { PredictContext } from "../service.ts";

/** The header that carries what a client and a model tell each other beside the body. */
export const CUSTOM_ATTRIBUTES_HEADER = "x-amzn-sagemaker-custom-attributes";

/** Its limit: 1,024 visible characters of US-ASCII. */
const CUSTOM_ATTRIBUTES = /^[\x20-\x7E]{0,1024}$/u;

/** What one call of `predict` is told; the signal is made only for a model that asks for it. */
export class PredictCall implements PredictContext {
  readonly customAttributes: string | undefined;
  readonly isLabelsOnly: boolean;
  #controller: AbortController | undefined;
  #reason: Error | undefined;
  #answeredAttributes: string | undefined;

  constructor(customAttributes: string | undefined, isLabelsOnly: boolean) {
    this.customAttributes = customAttributes;
    this.isLabelsOnly = isLabelsOnly;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#reason !== undefined) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  /** Why the call was aborted; undefined while it was not. */
  get abortReason(): Error | undefined {
    return this.#reason;
  }

  /** What the model set for the answer. */
  get answeredAttributes(): string | undefined {
    return this.#answeredAttributes;
  }

  setCustomAttributes(value: string): void {
    if (!CUSTOM_ATTRIBUTES.test(value)) {
      throw new TypeError("custom attributes are at most 1,024 visible characters of US-ASCII");
    }
    this.#answeredAttributes = value;
  }

  abort(reason: Error): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.#controller?.abort(reason);
  }
}
