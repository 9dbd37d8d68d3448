import type { Matrix } from "@byoc/table";
import type { Answer } from "../answer.ts";
import type { Rules } from "../invocation/rules.ts";
import { createModel, type ReadyModel, type ServedModel } from "../model-state.ts";
import type { Rows, Service } from "../service.ts";
import type { NamedModel } from "./load-request.ts";
import { createLoadedModels, type OnModelChange } from "./loaded-models.ts";
import { createMemoryAccount, type MemoryReaders } from "./memory-account.ts";
import { createModelLoader } from "./model-loader.ts";
import { answerModelRequest, type ModelRequest } from "./model-requests.ts";
import { readModelsDir } from "./models-dir.ts";

/** What a registry is told of its container. */
export interface ModelRegistryOptions extends MemoryReaders {
  /** Called after every load and unload with the models that a process started now would have to restore, and the step. */
  readonly onChange?: OnModelChange | undefined;
  /** What had been loaded before this process was started again; each model is loaded at its first use. */
  readonly restored?: readonly NamedModel[] | undefined;
  /** The folder below which every model lies; default `/opt/ml/models`, or `models` in `SAGEMAKER_BASE_DIR`. */
  readonly modelsDir?: string | undefined;
  /** After this a load has failed, in milliseconds; default 360,000. */
  readonly maxLoadMs?: number | undefined;
  /** What every model answers a client that does not ask for a media type. */
  readonly defaultAccept?: string | undefined;
}

/** The models of a multi-model endpoint. */
export interface ModelRegistry {
  /**
   * Answers POST and GET /models, GET and DELETE /models/{id}; never rejects.
   *
   * @returns undefined for every other path, also for /models/{id}/invoke.
   */
  answer(request: ModelRequest): Promise<Answer> | undefined;
  /**
   * The model of that name, decoded; undefined if it is not loaded.
   *
   * After a restart its state is `loading` until `load()`, which never rejects, has been awaited.
   */
  find(id: string): ServedModel | undefined;
  /**
   * The model of that name when it can predict: at once if it is loaded, a promise at its first use after a restart.
   *
   * @throws {InvocationError} `MODEL_NOT_LOADED` (404), at once; the promise may reject with `MODEL_FOLDER_MISSING` (404),
   * `MODEL_MEMORY_SHORT` (507) or `MODEL_LOAD_FAILED` (500), after which the model is not loaded.
   */
  require(id: string): ReadyModel | Promise<ReadyModel>;
}

/**
 * Many models in one process, loaded and unloaded by SageMaker as clients ask for them.
 *
 * @param service How each model is loaded and asked; its own `modelDir` is not read.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/mms-container-apis.html
 * @example
 * const registry = createModelRegistry(service, { memoryLimitBytes: readMemoryLimitBytes(), readMemoryUsageBytes });
 * const answer = await registry.answer({ method: "GET", path: "/models", query: new URLSearchParams(), readBody });
 */
export const createModelRegistry = <Model, Taken extends Rows = Matrix>(
  service: Service<Model, Taken>,
  { onChange, restored, modelsDir, maxLoadMs, defaultAccept, ...readers }: ModelRegistryOptions,
): ModelRegistry => {
  const options = { defaultAccept, knownRules: new Map<string, Rules>() };
  const loader = createModelLoader({
    createModel: (modelDir) => createModel({ ...service, modelDir }, options),
    memory: createMemoryAccount(readers),
    modelsDir: modelsDir ?? readModelsDir(),
    maxLoadMs,
  });
  const models = createLoadedModels(loader, restored, onChange);
  return {
    answer: (request) => answerModelRequest(models, request),
    find: (id) => models.find(id),
    require: (id) => models.require(id),
  };
};
