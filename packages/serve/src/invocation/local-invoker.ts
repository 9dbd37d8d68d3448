import { quote } from "@byoc/errors";
import { type Answer, answerError } from "../answer.ts";
import type { Decoder } from "../format.ts";
import { InvocationError } from "../invocation-error.ts";
import { type ReadyModel, requireReady, type ServedModel } from "../model-state.ts";
import { findUnavailability } from "../unavailability.ts";
import type { Predictions, Rows } from "../service.ts";
import type { AppSettings } from "../settings.ts";
import { checkPredictions } from "./check-predictions.ts";
import type { Exchange, Invoker, RequestHead } from "./exchange.ts";
import { inflateInto } from "./gunzip.ts";
import { CUSTOM_ATTRIBUTES_HEADER, PredictCall } from "./predict-call.ts";
import { bodyTooLarge, emptyBody } from "./request-errors.ts";
import type { Route } from "./rules.ts";
import { streamAnswer } from "./stream-answer.ts";

/**
 * Answers requests where they arrive: header checks, decoder, predict, encoder, in one direction.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
 */
export const createLocalInvoker = (model: ServedModel, settings: AppSettings): Invoker => ({
  unavailable: () => findUnavailability(model.state),
  open: (head) => openLocalExchange(requireReady(model), settings, head),
});

/**
 * Begins a request to a model that is loaded.
 *
 * @throws InvocationError for headers that cannot be served
 */
export const openLocalExchange = (
  model: ReadyModel,
  settings: AppSettings,
  head: RequestHead,
): Exchange => new LocalExchange(model, settings, head);

type PredictedParts = Predictions | AsyncIterable<Predictions>;

class LocalExchange implements Exchange {
  rows = 0;
  readonly #model: ReadyModel;
  readonly #route: Route;
  readonly #call: PredictCall;
  readonly #decoder: Decoder;
  readonly #maxBodyBytes: number;
  #received = 0;

  constructor(model: ReadyModel, { maxBodyBytes, maxRows }: AppSettings, head: RequestHead) {
    const route = model.rules.choose(head);
    if (Number(head.header("content-length") ?? 0) > maxBodyBytes) throw bodyTooLarge(maxBodyBytes);
    const decoder = route.decoder(model.input, { maxRows }, route.contentType);
    this.#model = model;
    this.#route = route;
    this.#maxBodyBytes = maxBodyBytes;
    this.#call = new PredictCall(
      head.header(CUSTOM_ATTRIBUTES_HEADER),
      route.encoder.isLabelsOnly === true,
    );
    this.#decoder = isGzip(head) ? inflateInto(decoder, maxBodyBytes) : decoder;
  }

  push(chunk: Uint8Array): void {
    this.#received += chunk.byteLength;
    if (this.#received > this.#maxBodyBytes) throw bodyTooLarge(this.#maxBodyBytes);
    this.#decoder.push(chunk);
  }

  finish(): Answer | Promise<Answer> {
    try {
      if (this.#received === 0) throw emptyBody();
      const rows = this.#decoder.finish();
      return rows instanceof Promise ? this.#finishLater(rows) : this.#predict(rows);
    } catch (error) {
      return this.#fail(error);
    }
  }

  abort(reason: Error): void {
    this.#call.abort(reason);
  }

  async #finishLater(rows: Promise<Rows>): Promise<Answer> {
    try {
      return await this.#predict(await rows);
    } catch (error) {
      return this.#fail(error);
    }
  }

  #predict(rows: Rows): Answer | Promise<Answer> {
    const { abortReason } = this.#call;
    if (abortReason !== undefined) throw abortReason;
    this.rows = rows.rows;
    const result = this.#model.predict(rows, this.#call);
    return result instanceof Promise ? this.#encodeLater(result, rows) : this.#encode(result, rows);
  }

  async #encodeLater(result: Promise<PredictedParts>, rows: Rows): Promise<Answer> {
    try {
      return await this.#encode(await result, rows);
    } catch (error) {
      return this.#fail(error);
    }
  }

  #encode(predictions: PredictedParts, rows: Rows): Answer | Promise<Answer> {
    if (Symbol.asyncIterator in predictions) {
      return streamAnswer(predictions, this.#route, {
        getHeaders: () => this.#headers(),
        fail: (error) => this.#fail(error),
      });
    }
    checkPredictions(predictions, rows);
    const body = this.#route.encoder.encode(predictions);
    return { status: 200, headers: this.#headers(), body };
  }

  #headers(): Record<string, string> {
    const headers: Record<string, string> = { "content-type": this.#route.mediaType };
    const attributes = this.#call.answeredAttributes;
    if (attributes !== undefined) headers[CUSTOM_ATTRIBUTES_HEADER] = attributes;
    return headers;
  }

  /** What a prediction throws because it was aborted is no bug: the reason of the abort is the answer. */
  #fail(error: unknown): Answer {
    const { abortReason } = this.#call;
    const isAbort = error instanceof Error && error.name === "AbortError";
    return answerError(abortReason !== undefined && isAbort ? abortReason : error);
  }
}

/** Whether the body is compressed; only gzip is known. */
const isGzip = (head: RequestHead): boolean => {
  const encoding = head.header("content-encoding");
  if (encoding === undefined) return false;
  const name = encoding.trim().toLowerCase();
  if (name === "gzip" || name === "x-gzip") return true;
  if (name === "identity" || name === "") return false;
  throw new InvocationError(
    415,
    "UNSUPPORTED_CONTENT_ENCODING",
    `the body is compressed as ${quote(name)}; send it uncompressed, or as gzip`,
  );
};
