import type { IncomingMessage, ServerResponse } from "node:http";
import type { Hono } from "hono";
import { answerError, toResponse } from "../answer.ts";
import { answerInvocation, type InvocationContext } from "./answer-invocation.ts";
import { MALFORMED_REQUEST } from "./client-error.ts";
import { sendAnswer } from "./send-answer.ts";

/** Answers one request of Node's HTTP server. */
export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** What answers which requests. */
export interface HandlerContext extends InvocationContext {
  /** The app for everything but the two hot routes; made when it is first needed. */
  createApp(): Hono | Promise<Hono>;
  /** Further paths that are answered below Hono; false where it has no answer. */
  answerFirst?(request: IncomingMessage, response: ServerResponse): boolean;
}

/**
 * The two hot routes on a short way, everything else through the Hono app, under the same rules.
 *
 * Hono is loaded when something else than /ping and /invocations is asked for first: a worker that is never asked for
 * more starts sooner and stays smaller.
 */
export const createRequestHandler = (context: HandlerContext): RequestHandler => {
  const { invoker } = context;
  let listener: Promise<RequestHandler> | undefined;
  return (request, response) => {
    const { method, url } = request;
    if (isInvocations(url) && method === "POST") {
      answerInvocation(request, response, context);
    } else if (url === "/ping" && method === "GET") {
      const unavailable = invoker.unavailable();
      if (unavailable !== undefined) sendAnswer(response, answerError(unavailable));
      else response.writeHead(200, PING_HEADERS).end();
    } else if (!context.answerFirst?.(request, response)) {
      context.traffic.enterPage?.(request, response);
      listener ??= createListener(context);
      listener.then(
        (listen) => listen(request, response),
        (error: unknown) => sendAnswer(response, answerError(error)),
      );
    }
  };
};

/** With or without a query, which says nothing here. */
const isInvocations = (url: string | undefined): boolean =>
  url === "/invocations" || url?.startsWith("/invocations?") === true;

const PING_HEADERS = { "content-length": "0" };

const createListener = async ({ createApp }: HandlerContext): Promise<RequestHandler> => {
  const [app, { getRequestListener }] = await Promise.all([
    createApp(),
    import("@hono/node-server"),
  ]);
  const listen = getRequestListener(app.fetch, {
    hostname: "localhost",
    errorHandler: () => toResponse(MALFORMED_REQUEST),
  });
  return (request, response) => void listen(request, response);
};
