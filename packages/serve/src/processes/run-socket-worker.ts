import type { Socket } from "node:net";
import type { Matrix } from "@byoc/table";
import { createServer } from "../http/server.ts";
import { createRequestMetrics } from "../observability/request-metrics.ts";
import type { MetricsSnapshot } from "../observability/snapshot.ts";
import type { Rows, Service } from "../service.ts";
import type { ServerSettings } from "../settings.ts";
import { endWithParent } from "./end-with-parent.ts";
import type { ParentMessage, WorkerMessage } from "./messages.ts";
import { giveMemoryBackAtRest } from "./memory-at-rest.ts";
import { createWorkerApp } from "./worker-app.ts";
import { receiveConnections } from "./worker-connections.ts";
import { createTraffic } from "./worker-traffic.ts";

/** Requests that are still running are cut this long after the parent has said that it ends. */
const DRAIN_TIMEOUT_MS = 24_000;

/** Answers the connections that the parent hands over, with a model of its own; ends when the parent says so. */
export const runSocketWorker = async <Model, Taken extends Rows = Matrix>(
  service: Service<Model, Taken>,
  settings: ServerSettings,
): Promise<void> => {
  const send = (message: WorkerMessage): void => {
    if (process.connected) process.send?.(message);
  };
  const metrics = createRequestMetrics();
  const collections = createCollections(send);
  const connections = receiveConnections(() => server, send);
  const traffic = createTraffic({ metrics, connections });
  const { collect } = collections;
  const app = await createWorkerApp(service, { settings, traffic, metrics, collect, send });
  const server = createServer(app.handle, { ...settings, onWake: connections.wake });

  process.on("message", (message: ParentMessage, socket?: Socket) => {
    switch (message.type) {
      case "connection":
        connections.take(message.id, socket);
        break;
      case "ping":
        send({ type: "pong" });
        break;
      case "drain":
        void server.drain(DRAIN_TIMEOUT_MS).then(() => process.exit(0));
        break;
      case "snapshot":
        send({ type: "snapshot", snapshot: metrics.snapshot() });
        break;
      case "collected":
        collections.resolve(message.id, message.snapshot);
        break;
      case "restore":
        app.restore?.(message.models);
        break;
    }
  });
  endWithParent();
  giveMemoryBackAtRest(traffic);
  const startedMs = performance.now();
  const failure = await app.load();
  const loadMs = Math.round(performance.now() - startedMs);
  metrics.modelLoadMs = loadMs;
  send(failure === undefined ? { type: "ready", loadMs } : { type: "failed", reason: failure });
};

/** Questions to the parent for the numbers of all processes. */
const createCollections = (
  send: (message: WorkerMessage) => void,
): {
  collect(): Promise<MetricsSnapshot>;
  resolve(id: number, snapshot: MetricsSnapshot): void;
} => {
  const waiting = new Map<number, (snapshot: MetricsSnapshot) => void>();
  let nextId = 1;
  return {
    collect: () =>
      new Promise((resolve) => {
        const id = nextId++;
        waiting.set(id, resolve);
        send({ type: "collect", id });
      }),
    resolve(id, snapshot) {
      waiting.get(id)?.(snapshot);
      waiting.delete(id);
    },
  };
};
