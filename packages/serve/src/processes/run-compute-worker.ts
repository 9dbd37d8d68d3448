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
import { endWithParent } from "./end-with-parent.ts";
import { PartWindow } from "./part-window.ts";

/** A prediction that does not end when its signal turns keeps its place here no longer than this. */
const ABORT_GRACE_MS = 1_000;

/** A request in this process. */
interface Call {
  readonly exchange: Exchange;
  readonly window: PartWindow;
}

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
  const calls = new Map<number, Call>();

  const answer = async ({
    id,
    headers,
    chunks,
  }: Extract<ComputeRequest, { type: "request" }>): Promise<void> => {
    const window = new PartWindow();
    let exchange: Exchange | undefined;
    let found: Answer;
    try {
      exchange = invoker.open({ header: (name) => headers[name] });
      calls.set(id, { exchange, window });
      for (const chunk of chunks) exchange.push(chunk);
      found = await exchange.finish();
    } catch (error) {
      found = answerError(error);
    }
    const { status, headers: answered, body } = found;
    const whole = isWhole(body) ? body : undefined;
    send({ type: "answer", id, status, headers: answered, body: whole, rows: exchange?.rows ?? 0 });
    if (!isWhole(body)) await sendParts(id, body, window);
    calls.delete(id);
  };
  const sendParts = async (
    id: number,
    parts: AsyncIterable<string | Uint8Array>,
    window: PartWindow,
  ): Promise<void> => {
    let problem: string | undefined;
    try {
      for await (const data of parts) {
        if (!(await window.enter())) break;
        send({ type: "part", id, data });
      }
    } catch (error) {
      problem = (error as Error).message;
    }
    send({ type: "end", id, problem });
  };
  const abort = ({ id, reason }: Extract<ComputeRequest, { type: "abort" }>): void => {
    const call = calls.get(id);
    if (call === undefined) return;
    call.window.close();
    call.exchange.abort(new InvocationError(499, "CLIENT_CLOSED_REQUEST", reason));
    setTimeout(() => {
      if (calls.delete(id)) send({ type: "end", id, problem: undefined });
    }, ABORT_GRACE_MS);
  };

  process.on("message", (message: ComputeRequest) => {
    if (message.type === "request") void answer(message);
    else if (message.type === "ping") send({ type: "pong" });
    else if (message.type === "snapshot") send({ type: "snapshot", snapshot: metrics.snapshot() });
    else if (message.type === "taken") calls.get(message.id)?.window.leave();
    else abort(message);
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
