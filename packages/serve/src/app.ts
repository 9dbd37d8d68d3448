import type { IncomingMessage } from "node:http";
import { Hono } from "hono";
import { type Answer, answerError, toErrorAnswer, toResponse } from "./answer.ts";
import type { Body } from "./body.ts";
import { createInvocations } from "./invocations.ts";
import { requireReady, type ServedModel } from "./model-state.ts";
import { type AppSettings, DEFAULT_MAX_BODY_BYTES } from "./settings.ts";

const DEFAULT_SETTINGS: AppSettings = {
  maxBodyBytes: DEFAULT_MAX_BODY_BYTES,
  defaultAccept: undefined,
};

/**
 * The routes of the inference contract as a Hono app, apart from any socket: GET /ping and POST /invocations.
 *
 * Every other path is a 404 and every other method a 405, with the same JSON shape of error as everything else.
 *
 * @param model From `createModel`; /ping says 503 until its `load()` is done.
 * @param settings Limits and defaults: 25 MB a request, answers in the type of the request.
 * @throws {InputError} `SETTING_INVALID` if the default media type of answers is not offered.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
 * @example
 * const model = createModel(service);
 * await model.load();
 * const response = await createApp(model).request("/ping"); // 200
 */
export const createApp = (model: ServedModel, settings: AppSettings = DEFAULT_SETTINGS): Hono => {
  const answerInvocation = createInvocations(model, settings);
  const app = new Hono();

  app.get("/ping", (c) => {
    requireReady(model);
    return c.body("");
  });
  app.post("/invocations", async (c) =>
    toResponse(
      await answerInvocation({
        header: (name) => c.req.header(name),
        body: streamBody(c.req.raw, c.env),
        signal: c.req.raw.signal,
      }),
    ),
  );
  app.all("/ping", (c) => toResponse(answerMethod(c.req.method, "GET, HEAD")));
  app.all("/invocations", (c) => toResponse(answerMethod(c.req.method, "POST")));
  app.notFound(() => toResponse(NOT_FOUND));
  app.onError((error) => toResponse(answerError(error)));
  return app;
};

/** The bytes of a request: from Node's own message when a server runs, else from the standard stream. */
async function* streamBody(request: Request, environment: unknown): Body {
  const incoming = (environment as { incoming?: IncomingMessage } | undefined)?.incoming;
  if (incoming !== undefined) yield* incoming.iterator({ destroyOnReturn: false });
  else if (request.body !== null) yield* request.body;
}

const NOT_FOUND: Answer = toErrorAnswer(404, {
  code: "NOT_FOUND",
  message: "there is no such path; this container answers GET /ping and POST /invocations",
});

const answerMethod = (method: string, allow: string): Answer =>
  toErrorAnswer(
    405,
    { code: "METHOD_NOT_ALLOWED", message: `expected ${allow}, found ${method}` },
    { allow },
  );
