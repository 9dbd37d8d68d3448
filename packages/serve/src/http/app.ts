import type { IncomingMessage } from "node:http";
import { type Context, Hono } from "hono";
import {
  type Answer,
  answerError,
  type ErrorAnswer,
  toErrorAnswer,
  toResponse,
} from "../answer.ts";
import type { Invoker } from "../invocation/exchange.ts";
import { createLocalInvoker } from "../invocation/local-invoker.ts";
import { clientGone } from "../invocation/request-errors.ts";
import type { ServedModel } from "../model-state.ts";
import { type AppSettings, DEFAULT_APP_SETTINGS } from "../settings.ts";

/** Paths that answer GET, each with what it gives for the standard request. */
export type Pages = Readonly<Record<string, (request: Request) => Answer | Promise<Answer>>>;

/** What the routes are made of. */
export interface Routes {
  readonly invoker: Invoker;
  readonly pages?: Pages;
  /** Adds a container's own routes, before the 404 of everything else. */
  readonly extend?: ((app: Hono) => void) | undefined;
}

/**
 * The routes of the inference contract as a Hono app, apart from any socket: GET /ping and POST /invocations.
 *
 * Every other path is a 404 and every other method a 405, with the same JSON shape of error as everything else.
 *
 * @param model From `createModel`; /ping says 503 until its `load()` is done.
 * @param settings Limits; 25 MB a request and ten million rows unless said.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
 * @example
 * const model = createModel(service);
 * await model.load();
 * const response = await createApp(model).request("/ping"); // 200
 */
export const createApp = (
  model: ServedModel,
  settings: Partial<Omit<AppSettings, "defaultAccept">> = {},
): Hono =>
  createRoutes({
    invoker: createLocalInvoker(model, { ...DEFAULT_APP_SETTINGS, ...settings }),
  });

/** The same app over whatever computes the predictions, with more pages. */
export const createRoutes = ({ invoker, pages = {}, extend }: Routes): Hono => {
  const app = new Hono();
  app.get("/ping", (c) => {
    const unavailable = invoker.unavailable();
    return unavailable === undefined ? c.body("") : toResponse(answerError(unavailable));
  });
  app.post("/invocations", async (c) => toResponse(await answerStandardRequest(invoker, c)));
  app.all("/ping", (c) => toResponse(answerMethod(c.req.method, "GET, HEAD")));
  app.all("/invocations", (c) => toResponse(answerMethod(c.req.method, "POST")));
  for (const [path, answer] of Object.entries(pages)) {
    app.get(path, async (c) => toResponse(await answer(c.req.raw)));
    app.all(path, (c) => toResponse(answerMethod(c.req.method, "GET, HEAD")));
  }
  extend?.(app);
  app.notFound(() => toResponse(NOT_FOUND));
  app.onError((error) => toResponse(answerError(error)));
  return app;
};

/** The same rules as on the short way, over the standard request. */
const answerStandardRequest = async (invoker: Invoker, c: Context): Promise<Answer> => {
  try {
    const exchange = invoker.open({ header: (name) => c.req.header(name) });
    c.req.raw.signal.addEventListener("abort", () => exchange.abort(clientGone()));
    for await (const chunk of streamBody(c.req.raw, c.env)) exchange.push(chunk);
    return await exchange.finish();
  } catch (error) {
    return answerError(error);
  }
};

/** The bytes of a request: from Node's own message when a server runs, else from the standard stream. */
async function* streamBody(request: Request, environment: unknown): AsyncGenerator<Uint8Array> {
  const incoming = (environment as { incoming?: IncomingMessage } | undefined)?.incoming;
  if (incoming !== undefined) yield* incoming.iterator({ destroyOnReturn: false });
  else if (request.body !== null) yield* request.body;
}

const NOT_FOUND: ErrorAnswer = toErrorAnswer(404, {
  code: "NOT_FOUND",
  message: "there is no such path; this container answers GET /ping and POST /invocations",
});

const answerMethod = (method: string, allow: string): Answer =>
  toErrorAnswer(
    405,
    { code: "METHOD_NOT_ALLOWED", message: `expected ${allow}, found ${method}` },
    { allow },
  );
