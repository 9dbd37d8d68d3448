import type { IncomingMessage, ServerResponse } from "node:http";
import { type Answer, answerError, isWhole } from "../answer.ts";
import type { Exchange, Invoker, RequestHead } from "../invocation/exchange.ts";
import { clientGone, overloaded, predictionTimeout } from "../invocation/request-errors.ts";
import type { AppSettings } from "../settings.ts";
import { sendAnswer } from "./send-answer.ts";
import type { Traffic } from "./traffic.ts";

/** What answers requests for predictions. */
export interface InvocationContext {
  readonly invoker: Invoker;
  readonly settings: Pick<AppSettings, "maxWaiting" | "predictTimeoutMs" | "streamTimeoutMs">;
  readonly traffic: Traffic;
}

/**
 * Answers POST /invocations on Node's own request and response.
 *
 * The short way below Hono: no promise, no Request, no Response, nothing but the events of the body, as long as the
 * model answers at once.
 */
export const answerInvocation = (
  request: IncomingMessage,
  response: ServerResponse,
  { invoker, settings, traffic }: InvocationContext,
): void => {
  const startedMs = performance.now();
  let exchange: Exchange | undefined;
  let isAnswered = false;

  const answer = (found: Answer): void => {
    if (isAnswered) {
      void discard(found);
      return;
    }
    isAnswered = true;
    traffic.leave(request, response, found, { startedMs, rows: exchange?.rows ?? 0 });
    // What has been read of a body that is refused need not be kept until its end.
    if (isWhole(found.body)) exchange = undefined;
    sendAnswer(response, found);
    if (!response.writableFinished && isSlow(request, found)) {
      cutLater(response, settings.streamTimeoutMs);
    }
  };
  const fail = (error: unknown): void => answer(answerError(error));

  const waiting = traffic.enter();
  request.on("data", (chunk: Buffer) => {
    // After an early answer, the rest of the body is read and dropped: the client reads the answer before it sees the end.
    if (isAnswered) return;
    try {
      exchange?.push(chunk);
    } catch (error) {
      fail(error);
    }
  });
  request.on("end", () => {
    if (isAnswered || exchange === undefined) return;
    const found = exchange.finish();
    if (found instanceof Promise) void answerLater(found, exchange);
    else answer(found);
  });
  response.on("close", () => {
    if (response.writableFinished) return;
    exchange?.abort(clientGone());
    fail(clientGone());
  });
  const answerLater = async (found: Promise<Answer>, running: Exchange): Promise<void> => {
    const timer = setTimeout(() => {
      const error = predictionTimeout(settings.predictTimeoutMs);
      running.abort(error);
      fail(error);
    }, settings.predictTimeoutMs);
    answer(await found);
    clearTimeout(timer);
  };

  try {
    if (waiting > settings.maxWaiting) throw overloaded();
    exchange = invoker.open(new HeadersOf(request));
  } catch (error) {
    fail(error);
  }
};

/** The headers of a message, by their names in lower case. */
class HeadersOf implements RequestHead {
  readonly #headers: IncomingMessage["headers"];

  constructor({ headers }: IncomingMessage) {
    this.#headers = headers;
  }

  header(name: string): string | undefined {
    const value = this.#headers[name];
    return Array.isArray(value) ? value.join(", ") : value;
  }
}

/** Parts that come one by one, or a client that has not read yet. */
const isSlow = ({ socket }: IncomingMessage, { body }: Answer): boolean =>
  !isWhole(body) || socket.writableLength > 0;

/** Tells a model that nobody waits for the parts of its answer any more. */
const discard = async ({ body }: Answer): Promise<void> => {
  if (isWhole(body)) return;
  const parts = body[Symbol.asyncIterator]();
  try {
    // Only what has begun can be ended.
    await parts.next();
    await parts.return?.();
  } catch {
    // It has ended by itself.
  }
};

const cutLater = (response: ServerResponse, timeoutMs: number): void => {
  const timer = setTimeout(() => response.destroy(), timeoutMs);
  response.once("close", () => clearTimeout(timer));
};
