import type { IncomingMessage, ServerResponse } from "node:http";
import type { Answer } from "../answer.ts";
import { isWhole } from "../answer.ts";
import type { Traffic } from "../http/traffic.ts";
import { createRequestLog } from "../observability/request-log.ts";
import { createRequestMetrics, type RequestMetrics } from "../observability/request-metrics.ts";
import type { WorkerConnections } from "./worker-connections.ts";

/** An answer of this many bytes may not fit into what the kernel keeps of a connection (`net.ipv4.tcp_wmem`). */
const LONG_ANSWER_BYTES = 16 * 1024;

const INFERENCE_ID_HEADER = "x-amzn-sagemaker-inference-id";

/** What counts, logs and announces the requests of one process. */
export interface TrafficOptions {
  readonly metrics?: RequestMetrics;
  /** Told of long answers. */
  readonly connections?: Pick<WorkerConnections, "noteWriting">;
}

/** Counts the requests of a process, logs each at debug level, and tells the parent of long answers. */
export const createTraffic = ({
  metrics = createRequestMetrics(),
  connections,
}: TrafficOptions = {}): Traffic => {
  const logRequest = createRequestLog();
  let waiting = 0;
  let answered = 0;
  return {
    get waiting() {
      return waiting;
    },
    get answered() {
      return answered;
    },
    enter: () => ++waiting,
    leave(request, response, answer, { startedMs, rows }) {
      waiting -= 1;
      answered += 1;
      const durationMs = performance.now() - startedMs;
      metrics.record(answer.status, durationMs, rows);
      logRequest?.({
        method: request.method ?? "",
        path: (request.url ?? "").split("?", 1).join(""),
        status: answer.status,
        durationMs,
        rows,
        bytes: Number(request.headers["content-length"] ?? 0),
        inferenceId: request.headers[INFERENCE_ID_HEADER]?.toString(),
      });
      if (connections === undefined) return;
      const isBehind = request.socket.writableLength > 0;
      if (isBehind || isLong(answer)) announce(request, response, connections);
    },
    enterPage(request, response) {
      if (connections === undefined) return;
      // How long a page is, nobody knows beforehand.
      const { writeHead } = response;
      response.writeHead = (...parameters: unknown[]) => {
        announce(request, response, connections);
        return Reflect.apply(writeHead, response, parameters) as ServerResponse;
      };
    },
  };
};

const announce = (
  { socket }: IncomingMessage,
  response: ServerResponse,
  { noteWriting }: Pick<WorkerConnections, "noteWriting">,
): void => void response.once("close", noteWriting(socket));

const isLong = ({ body }: Answer): boolean => !isWhole(body) || body.length > LONG_ANSWER_BYTES;
