import { createServer as createListener, type Socket } from "node:net";
import { listen } from "../http/listen.ts";
import { shuttingDown } from "../invocation/request-errors.ts";
import type { NamedModel } from "../models/load-request.ts";
import type { ModelChange } from "../models/loaded-models.ts";
import { createRequestMetrics } from "../observability/request-metrics.ts";
import type { ServerSettings } from "../settings.ts";
import { createConnections } from "./connections.ts";
import type { WorkerMessage } from "./messages.ts";
import { createMetricsCollector } from "./metrics-collector.ts";
import { refuseConnection } from "./refuse-connection.ts";
import { listenOrStop, type RunningServer } from "./running-server.ts";
import type { Worker } from "./worker.ts";
import { explainUnready, startWorkers } from "./worker-group.ts";

/** How long a connection waits for a worker that is being replaced. */
const MAX_REPLACE_MS = 1_500;
/** How long one waits for a model that is being loaded before it is told so: well inside the 2 s of a ping. */
const MAX_LOAD_MS = 500;

/**
 * Listens, and hands each connection to one of several workers that answer it.
 *
 * Until a worker is ready it answers by itself: 503 with the reason.
 */
export const startSocketParent = async (
  settings: ServerSettings,
  { count, onCrashLoop }: { count: number; onCrashLoop(cause: string): void },
): Promise<RunningServer> => {
  const connections = createConnections();
  const collector = createMetricsCollector(() => group, createRequestMetrics());
  const answerCollect = async (worker: Worker, id: number): Promise<void> => {
    worker.send({ type: "collected", id, snapshot: await collector.collect() });
  };
  /** What a worker that takes the place of this one has to know. */
  const models = new Map<string, NamedModel>();
  const waiting = new Set<Socket>();
  const refused = new Set<Socket>();
  let isStopping = false;
  const answerMyself = (socket: Socket): void => {
    waiting.delete(socket);
    refused.add(socket);
    socket.once("close", () => refused.delete(socket));
    refuseConnection(socket, () => (isStopping ? shuttingDown() : explainUnready(group.state)));
  };
  const place = (socket: Socket): void => {
    if (isStopping) {
      answerMyself(socket);
    } else if (connections.handOver(socket, group.workers)) {
      waiting.delete(socket);
    } else if (group.state.status === "failed") {
      answerMyself(socket);
    } else if (!waiting.has(socket)) {
      waiting.add(socket);
      const waitMs = group.state.status === "ready" ? MAX_REPLACE_MS : MAX_LOAD_MS;
      setTimeout(() => waiting.has(socket) && answerMyself(socket), waitMs).unref();
    }
  };
  const listener = createListener({ pauseOnConnect: true, noDelay: true }, (socket) => {
    socket.on("error", () => {});
    place(socket);
  });
  const group = startWorkers({
    role: "socket",
    count,
    predictTimeoutMs: settings.predictTimeoutMs,
    onStart(worker) {
      if (settings.isMultiModel) worker.send({ type: "restore", models: [...models.values()] });
    },
    onMessage(worker, message) {
      const said = message as WorkerMessage;
      if (said.type === "model") applyChange(models, said.change);
      else if (said.type === "snapshot") collector.onSnapshot(worker, said.snapshot);
      else if (said.type === "collect") void answerCollect(worker, said.id);
      else heed(connections, said);
    },
    onDeath(worker) {
      for (const socket of connections.answerFor(worker)) place(socket);
      collector.onDeath(worker);
    },
    onReady: () => {
      for (const socket of waiting) place(socket);
      // Opened ahead of time, and still silent: the next one that its client opens is for a worker.
      for (const socket of refused) if (socket.bytesRead === 0) socket.destroy();
    },
    onCrashLoop,
  });
  const address = await listenOrStop(() => listen(listener, settings.host, settings.port), group);
  collector.reporter.start();
  return {
    address,
    async stop(timeoutMs) {
      isStopping = true;
      listener.close();
      for (const socket of waiting) answerMyself(socket);
      await collector.reporter.stop();
      for (const worker of group.workers) worker.send({ type: "drain" });
      await group.stop(timeoutMs);
      connections.closeAll();
    },
  };
};

const applyChange = (models: Map<string, NamedModel>, { kind, model }: ModelChange): void => {
  if (kind === "added") models.set(model.name, model);
  else models.delete(model.name);
};

const heed = (connections: ReturnType<typeof createConnections>, message: WorkerMessage): void => {
  switch (message.type) {
    case "closed":
      for (const id of message.ids) connections.close(id);
      break;
    case "resting":
      for (const id of message.ids) connections.setState(id, "resting");
      break;
    case "taken":
    case "active":
    case "written":
      connections.setState(message.id, "active");
      break;
    case "writing":
      connections.setState(message.id, "writing");
      break;
    default:
  }
};
