import { createServer as createHttpServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { InputError } from "@byoc/errors";
import { log } from "@byoc/metrics";
import { getRequestListener } from "@hono/node-server";
import type { Hono } from "hono";
import { toResponse } from "./answer.ts";
import { answerClientError, MALFORMED_REQUEST } from "./client-error.ts";
import type { ServerSettings } from "./settings.ts";

/** An app on a socket. */
export interface AppServer {
  /** Binds host and port, and gives the address: `http://127.0.0.1:43121`. */
  listen(): Promise<string>;
  /**
   * Takes no more connections, and resolves when the last request has been answered; after the time-out those that are
   * left are cut, which turns the signals of their predictions.
   */
  drain(timeoutMs: number): Promise<void>;
}

/** Longer than SageMaker keeps a connection for its next request, so that it is never the server that closes it. */
const KEEP_ALIVE_TIMEOUT_MS = 75_000;
/** Clients that send their headers slower than this are cut; above the keep-alive time-out, as Node asks. */
const HEADERS_TIMEOUT_MS = 80_000;
/** The time for a whole request to arrive; the body of an asynchronous endpoint may have 1 GB. */
const REQUEST_TIMEOUT_MS = 300_000;
/** How often connections that have fallen idle are closed while the server drains. */
const DRAIN_INTERVAL_MS = 50;
/** The time that a draining server leaves to the first request of a connection. */
const SILENCE_MS = 1000;

/** Puts an app on a socket of Node, without listening yet. */
export const createServer = (
  app: Hono,
  { host, port, maxBodyBytes }: ServerSettings,
): AppServer => {
  const server = createHttpServer({
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    requireHostHeader: false,
  });
  const listener = getRequestListener(app.fetch, {
    hostname: "localhost",
    errorHandler: () => toResponse(MALFORMED_REQUEST),
  });
  const connections = new Set<Socket>();
  const answering = new Set<ServerResponse>();
  let isDraining = false;

  /** Node counts a connection that has never sent a request as busy. */
  const closeSilent = (): void => {
    const busy = new Set(Array.from(answering, (response) => response.req.socket));
    for (const socket of connections) if (!busy.has(socket)) socket.destroy();
  };

  server.on("connection", (socket) => {
    connections.add(socket);
    socket.once("close", () => connections.delete(socket));
  });
  server.on("request", (request, response) => {
    answering.add(response);
    response.once("close", () => answering.delete(response));
    if (isDraining) response.setHeader("connection", "close");
    void listener(request, response);
  });
  server.on("checkContinue", (request, response) => {
    const isTooLarge = Number(request.headers["content-length"] ?? 0) > maxBodyBytes;
    if (!isTooLarge) response.writeContinue();
    server.emit("request", request, response);
  });
  server.on("clientError", answerClientError);

  return {
    listen: () => listen(server, host, port),
    async drain(timeoutMs) {
      isDraining = true;
      for (const response of answering) {
        if (!response.headersSent) response.setHeader("connection", "close");
      }
      const startedMs = performance.now();
      const closer = setInterval(() => {
        server.closeIdleConnections();
        if (performance.now() - startedMs > SILENCE_MS) closeSilent();
      }, DRAIN_INTERVAL_MS);
      const cutter = setTimeout(() => {
        if (answering.size > 0) log.warn(`${answering.size} requests were cut while they ran`);
        server.closeAllConnections();
      }, timeoutMs);
      await new Promise<void>((resolve) => server.close(() => resolve()));
      clearInterval(closer);
      clearTimeout(cutter);
    },
  };
};

const listen = async (server: Server, host: string, port: number): Promise<string> => {
  await new Promise<void>((resolve, reject) => {
    const onError = (cause: Error): void =>
      reject(
        new InputError("LISTEN_FAILED", `cannot listen on ${host}:${port}: ${cause.message}`, {
          cause,
        }),
      );
    server.once("error", onError);
    server.listen(port, host, () => {
      server.off("error", onError);
      resolve();
    });
  });
  const { address, family, port: bound } = server.address() as AddressInfo;
  return `http://${family === "IPv6" ? `[${address}]` : address}:${bound}`;
};
