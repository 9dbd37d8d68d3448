import { createRequestHandler } from "../http/request-handler.ts";
import { createServer } from "../http/server.ts";
import { createRules, type Rules } from "../invocation/rules.ts";
import type { Matrix } from "@byoc/table";
import { createRequestMetrics } from "../observability/request-metrics.ts";
import type { InputDeclaration, Rows, Service } from "../service.ts";
import type { ServerSettings } from "../settings.ts";
import type { ComputeMessage } from "./compute-messages.ts";
import { createComputePool } from "./compute-pool.ts";
import { giveMemoryBackAtRest } from "./memory-at-rest.ts";
import { createMetricsCollector } from "./metrics-collector.ts";
import { createRemoteInvoker } from "./remote-invoker.ts";
import { listenOrStop, type RunningServer } from "./running-server.ts";
import { explainUnready, startWorkers } from "./worker-group.ts";
import { createTraffic } from "./worker-traffic.ts";

/** The most requests that a batching model is given ahead. */
const MAX_SLOTS = 256;

/**
 * Listens and answers HTTP, and has predictions computed by processes that own no socket: /ping is answered whatever
 * they do.
 */
export const startComputeParent = async <Model, Taken extends Rows = Matrix>(
  { formats, batching, extend }: Service<Model, Taken>,
  settings: ServerSettings,
  { count, onCrashLoop }: { count: number; onCrashLoop(cause: string): void },
): Promise<RunningServer> => {
  let described: { readonly input: InputDeclaration; readonly rules: Rules } | undefined;
  const slots = batching === undefined ? 1 : Math.min(2 * batching.maxRows, MAX_SLOTS);
  const metrics = createRequestMetrics();
  const pool = createComputePool(() => group.workers, slots, metrics.recordQueueAge);
  const collector = createMetricsCollector(() => group, metrics);
  const group = startWorkers({
    role: "compute",
    count,
    predictTimeoutMs: settings.predictTimeoutMs,
    onMessage(worker, message) {
      const said = message as ComputeMessage;
      if (said.type === "snapshot") collector.onSnapshot(worker, said.snapshot);
      else pool.onMessage(worker, said);
    },
    onReady(message) {
      const { input } = message as Extract<ComputeMessage, { type: "ready" }>;
      described ??= { input, rules: createRules(input, settings, formats) };
      pool.dispatch();
    },
    onDeath(worker) {
      pool.onDeath(worker);
      collector.onDeath(worker);
    },
    onCrashLoop,
  });
  const invoker = createRemoteInvoker({
    pool,
    maxBodyBytes: settings.maxBodyBytes,
    unavailable: () =>
      [...group.workers].some(({ isReady }) => isReady) ? undefined : explainUnready(group.state),
    requireRules() {
      if (described === undefined) throw explainUnready(group.state);
      return described.rules;
    },
  });
  const traffic = createTraffic({ metrics });
  giveMemoryBackAtRest(traffic);
  const handle = createRequestHandler({
    invoker,
    settings,
    traffic,
    createApp: async () => {
      const [{ createRoutes }, { createPages }] = await Promise.all([
        import("../http/app.ts"),
        import("./pages.ts"),
      ]);
      const pages = await createPages({
        settings,
        workers: count * slots,
        describe: () => described,
        collect: () => collector.collect(),
      });
      return createRoutes({ invoker, pages, extend });
    },
  });
  const server = createServer(handle, settings);
  const address = await listenOrStop(() => server.listen(settings.host, settings.port), group);
  collector.reporter.start();
  return {
    address,
    async stop(timeoutMs) {
      await server.drain(timeoutMs);
      await collector.reporter.stop();
      await group.stop(0);
    },
  };
};
