import type { IncomingMessage, ServerResponse } from "node:http";
import { answerError } from "../answer.ts";
import { answerInvocation, type InvocationContext } from "../http/answer-invocation.ts";
import { sendAnswer } from "../http/send-answer.ts";
import { bodyTooLarge } from "../invocation/request-errors.ts";
import type { AppSettings } from "../settings.ts";
import { createModelInvoker } from "./model-invoker.ts";
import type { ModelRegistry } from "./model-registry.ts";
import { parseModelRoute } from "./model-route.ts";

/** What the routes below /models need. */
export interface ModelHandlerContext extends Pick<InvocationContext, "traffic"> {
  readonly registry: ModelRegistry;
  readonly settings: AppSettings;
}

/** The largest body of POST /models. */
const MAX_LOAD_BYTES = 64 * 1024;

/**
 * Answers a request below /models.
 *
 * @returns false for a path that is none of a multi-model endpoint's
 */
export const answerModels = (
  request: IncomingMessage,
  response: ServerResponse,
  { registry, settings, traffic }: ModelHandlerContext,
): boolean => {
  const { pathname: path, searchParams: query } = new URL(request.url ?? "/", "http://container");
  const method = request.method ?? "";
  try {
    const route = parseModelRoute(path);
    if (route?.kind === "invoke" && method === "POST") {
      const invoker = createModelInvoker(registry, route.id, settings);
      answerInvocation(request, response, { invoker, settings, traffic });
      return true;
    }
  } catch (error) {
    sendAnswer(response, answerError(error));
    return true;
  }
  const answer = registry.answer({ method, path, query, readBody: () => readBody(request) });
  if (answer === undefined) return false;
  void answer.then((found) => sendAnswer(response, found));
  return true;
};

const readBody = async (request: IncomingMessage): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = [];
  let received = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    received += (chunk as Buffer).byteLength;
    if (received > MAX_LOAD_BYTES) throw bodyTooLarge(MAX_LOAD_BYTES);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
};
