import { type Answer, answerError, isWhole } from "../answer.ts";
import type { Exchange } from "../invocation/exchange.ts";
import { createLocalInvoker } from "../invocation/local-invoker.ts";
import { InvocationError } from "../invocation-error.ts";
import { createModel } from "../model-state.ts";
import type { Matrix } from "@byoc/table";
import { createRequestMetrics } from "../observability/request-metrics.ts";
import type { Rows, Service } from "../service.ts";
import type { ServerSettings } from "../settings.ts";
import type { ComputeMessage, ComputeRequest } from "./compute-messages.ts";
import { endWithParent } from "./run-socket-worker.ts";

/** Decodes, predicts and encodes for the process that owns the sockets. */
export const runComputeWorker = async <Model, Taken extends Rows = Matrix>(
  service: Service<Model, Taken>,
  settings: ServerSettings,
): Promise<void> => {
  const send = (message: ComputeMessage): void => {
    if (process.connected) process.send?.(message);
  };
  const metrics = createRequestMetrics();
  const model = createModel(service, {
    defaultAccept: settings.defaultAccept,
    onBatch({ rows, queueAgeMs }) {
      metrics.recordBatch(rows);
      metrics.recordQueueAge(queueAgeMs);
    },
  });
  // The parent has counted the bytes already.
  const invoker = createLocalInvoker(model, settings);
  const exchanges = new Map<number, Exchange>();

  const answer = async ({
    id,
    headers,
    chunks,
  }: Extract<ComputeRequest, { type: "request" }>): Promise<void> => {
    let exchange: Exchange | undefined;
    let found: Answer;
    try {
      exchange = invoker.open({ header: (name) => headers[name] });
      exchanges.set(id, exchange);
      for (const chunk of chunks) exchange.push(chunk);
      found = await exchange.finish();
    } catch (error) {
      found = answerError(error);
    }
    const { status, headers: answered, body } = found;
    const whole = isWhole(body) ? body : undefined;
    send({ type: "answer", id, status, headers: answered, body: whole, rows: exchange?.rows ?? 0 });
    if (!isWhole(body)) await sendParts(id, body);
    exchanges.delete(id);
  };
  const sendParts = async (
    id: number,
    parts: AsyncIterable<string | Uint8Array>,
  ): Promise<void> => {
    let problem: string | undefined;
    try {
      for await (const data of parts) {
        if (!exchanges.has(id)) break;
        send({ type: "part", id, data });
      }
    } catch (error) {
      problem = (error as Error).message;
    }
    send({ type: "end", id, problem });
  };

  process.on("message", (message: ComputeRequest) => {
    if (message.type === "request") void answer(message);
    else if (message.type === "ping") send({ type: "pong" });
    else if (message.type === "snapshot") send({ type: "snapshot", snapshot: metrics.snapshot() });
    else {
      exchanges
        .get(message.id)
        ?.abort(new InvocationError(499, "CLIENT_CLOSED_REQUEST", message.reason));
      exchanges.delete(message.id);
    }
  });
  endWithParent();
  const startedMs = performance.now();
  await model.load();
  const loadMs = Math.round(performance.now() - startedMs);
  metrics.modelLoadMs = loadMs;
  const { state } = model;
  if (state.status === "ready") send({ type: "ready", loadMs, input: state.input });
  else send({ type: "failed", reason: state.status === "failed" ? state.reason : "" });
};
