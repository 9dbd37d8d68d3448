import { readMemoryLimitBytes, readMemoryUsageBytes } from "@byoc/limits";
import type { Matrix } from "@byoc/table";
import { createRequestHandler, type RequestHandler } from "../http/request-handler.ts";
import type { Traffic } from "../http/traffic.ts";
import { createLocalInvoker } from "../invocation/local-invoker.ts";
import { createModel } from "../model-state.ts";
import type { NamedModel } from "../models/load-request.ts";
import type { RequestMetrics } from "../observability/request-metrics.ts";
import type { MetricsSnapshot } from "../observability/snapshot.ts";
import type { Rows, Service } from "../service.ts";
import type { ServerSettings } from "../settings.ts";
import type { WorkerMessage } from "./messages.ts";

/** What a worker's app is made of. */
export interface WorkerAppOptions {
  readonly settings: ServerSettings;
  readonly traffic: Traffic;
  readonly metrics: RequestMetrics;
  collect(): Promise<MetricsSnapshot>;
  send(message: WorkerMessage): void;
}

/** What a worker answers with. */
export interface WorkerApp {
  readonly handle: RequestHandler;
  /** Gets ready; gives the reason when that fails. */
  load(): Promise<string | undefined>;
  /** Takes the models that a worker before this one had loaded. */
  restore?(models: readonly NamedModel[]): void;
}

/** One model, or the many of a multi-model endpoint. */
export const createWorkerApp = async <Model, Taken extends Rows = Matrix>(
  service: Service<Model, Taken>,
  options: WorkerAppOptions,
): Promise<WorkerApp> =>
  options.settings.isMultiModel
    ? createMultiModelApp(service, options)
    : createSingleModelApp(service, options);

const createSingleModelApp = <Model, Taken extends Rows>(
  service: Service<Model, Taken>,
  { settings, traffic, metrics, collect }: WorkerAppOptions,
): WorkerApp => {
  const { defaultAccept } = settings;
  const onBatch = ({ rows, queueAgeMs }: { rows: number; queueAgeMs: number }): void => {
    metrics.recordBatch(rows);
    metrics.recordQueueAge(queueAgeMs);
  };
  const model = createModel(service, { defaultAccept, onBatch });
  const invoker = createLocalInvoker(model, settings);
  const createApp = async () => {
    const [{ createRoutes }, { createPages }] = await Promise.all([
      import("../http/app.ts"),
      import("./pages.ts"),
    ]);
    const describe = () => (model.state.status === "ready" ? model.state : undefined);
    const workers = settings.workers ?? service.workers;
    const pages = await createPages({ settings, workers, describe, collect });
    return createRoutes({ invoker, pages, extend: service.extend });
  };
  return {
    handle: createRequestHandler({ invoker, settings, traffic, createApp }),
    async load() {
      await model.load();
      return model.state.status === "failed" ? model.state.reason : undefined;
    },
  };
};

const createMultiModelApp = async <Model, Taken extends Rows>(
  service: Service<Model, Taken>,
  { settings, traffic, collect, send }: WorkerAppOptions,
): Promise<WorkerApp> => {
  const [{ createModelRegistry }, { MODELLESS_INVOKER }, { answerModels }] = await Promise.all([
    import("../models/model-registry.ts"),
    import("../models/model-invoker.ts"),
    import("../models/model-handler.ts"),
  ]);
  const restored = Promise.withResolvers<readonly NamedModel[]>();
  let answerFirst: (...parameters: Parameters<RequestHandler>) => boolean = () => false;
  const createApp = async () => {
    const [{ createRoutes }, { createPages }] = await Promise.all([
      import("../http/app.ts"),
      import("./pages.ts"),
    ]);
    const pages = await createPages({ settings, workers: 1, describe: () => undefined, collect });
    return createRoutes({ invoker: MODELLESS_INVOKER, pages, extend: service.extend });
  };
  return {
    handle: createRequestHandler({
      invoker: MODELLESS_INVOKER,
      settings,
      traffic,
      createApp,
      answerFirst: (request, response) => answerFirst(request, response),
    }),
    restore: restored.resolve,
    async load() {
      const registry = createModelRegistry(service, {
        memoryLimitBytes: readMemoryLimitBytes(),
        readMemoryUsageBytes,
        defaultAccept: settings.defaultAccept,
        restored: await restored.promise,
        onChange: (_models, change) => send({ type: "model", change }),
      });
      answerFirst = (request, response) =>
        answerModels(request, response, { registry, settings, traffic });
      return undefined;
    },
  };
};
