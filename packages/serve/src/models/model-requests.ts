import { type Answer, answerError, toErrorAnswer } from "../answer.ts";
import { modelNotLoaded } from "./held-model.ts";
import { parseLoadRequest } from "./load-request.ts";
import type { LoadedModels } from "./loaded-models.ts";
import { type ModelRoute, parseModelRoute } from "./model-route.ts";
import { takePage, toModelBody } from "./page.ts";

/** A request as the routes of /models need it, whatever carries it. */
export interface ModelRequest {
  /** In upper case. */
  readonly method: string;
  /** As it was sent, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** The whole body, within the server's limit; what it rejects with is answered. */
  readBody(): Promise<Uint8Array>;
}

/**
 * Answers the requests with which SageMaker loads, lists and unloads models.
 *
 * @returns undefined for a path that is not one of these.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/mms-container-apis.html
 */
export const answerModelRequest = (
  models: LoadedModels,
  request: ModelRequest,
): Promise<Answer> | undefined => {
  if (request.path !== "/models" && !request.path.startsWith("/models/")) return undefined;
  try {
    const route = parseModelRoute(request.path);
    if (route === undefined || route.kind === "invoke") return undefined;
    return answerRoute(models, request, route).catch(answerError);
  } catch (error) {
    return Promise.resolve(answerError(error));
  }
};

const answerRoute = async (
  models: LoadedModels,
  request: ModelRequest,
  route: Exclude<ModelRoute, { kind: "invoke" }>,
): Promise<Answer> => {
  const { method, query } = request;
  if (route.kind === "collection") {
    if (method === "POST") return toJson(await load(models, await request.readBody()));
    if (method !== "GET" && method !== "HEAD") return refuseMethod(method, "GET, HEAD, POST");
    return toJson(takePage(models.list(), query.get("next_page_token")));
  }
  if (method === "DELETE") return toJson(toModelBody(await models.unload(route.id)));
  if (method !== "GET" && method !== "HEAD") return refuseMethod(method, "GET, HEAD, DELETE");
  const model = models.get(route.id);
  if (model === undefined) throw modelNotLoaded(route.id);
  return toJson(toModelBody(model));
};

const load = async (models: LoadedModels, body: Uint8Array): Promise<object> => {
  const model = parseLoadRequest(body);
  await models.load(model);
  return toModelBody(model);
};

const toJson = (body: object): Answer => ({
  status: 200,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

const refuseMethod = (method: string, allow: string): Answer =>
  toErrorAnswer(
    405,
    { code: "METHOD_NOT_ALLOWED", message: `expected ${allow}, found ${method}` },
    { allow },
  );
