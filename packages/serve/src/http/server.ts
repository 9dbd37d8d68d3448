import { createServer as createHttpServer, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { log } from "@byoc/metrics";
import { answerClientError } from "./client-error.ts";
import { listen } from "./listen.ts";
import type { RequestHandler } from "./request-handler.ts";

/** What is known of one connection. */
export interface Connection {
  readonly socket: Socket;
  /** To its last request; what came before it on the same connection has been answered before it is. */
  response: ServerResponse | undefined;
  /** When that request came, or the connection itself, by `performance.now()`. */
  requestedMs: number;
  /** Nothing has come for a while; whoever has said so wants to know when something does. */
  isResting: boolean;
}

/** Whether a request of this connection is being read or answered. */
export const isBusy = ({ response }: Connection): boolean =>
  response !== undefined && !response.writableFinished && !response.destroyed;

/** A request handler on sockets. */
export interface HttpServer {
  /** Binds host and port, and gives the address: `http://127.0.0.1:43121`. */
  listen(host: string, port: number): Promise<string>;
  /** Takes a connection that something else has accepted. */
  accept(socket: Socket): void;
  readonly connections: ReadonlyMap<Socket, Connection>;
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

/** What a server is told beside its handler. */
export interface HttpServerOptions {
  readonly maxBodyBytes: number;
  /** Called when a request has come on a connection that rested, before it is handled. */
  readonly onWake?: (connection: Connection) => void;
}

/**
 * Whether a client would take what is said of its last bytes for the answer to a request before them, or for a part of
 * one; it may be said of a request whose own body they are, as its answer.
 */
const isAnswering = (response: ServerResponse): boolean =>
  response.req.complete
    ? !response.writableFinished
    : response.headersSent || response.socket === null;

/** Makes a server of Node's, without listening yet. */
export const createServer = (
  handle: RequestHandler,
  { maxBodyBytes, onWake }: HttpServerOptions,
): HttpServer => {
  const server = createHttpServer({
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    requireHostHeader: false,
  });
  const connections = new Map<Socket, Connection>();
  let isDraining = false;
  let isAccepting = false;

  /** Node counts a connection that has never sent a request as busy. */
  const closeSilent = (): void => {
    for (const connection of connections.values()) {
      if (!isBusy(connection)) connection.socket.destroy();
    }
  };

  let onEmpty = (): void => {};

  server.on("connection", (socket) => {
    const requestedMs = performance.now();
    connections.set(socket, { socket, response: undefined, requestedMs, isResting: false });
    socket.once("close", () => {
      connections.delete(socket);
      if (connections.size === 0) onEmpty();
    });
  });
  server.on("request", (request, response) => {
    const connection = connections.get(request.socket);
    if (connection !== undefined) {
      connection.response = response;
      connection.requestedMs = performance.now();
      if (connection.isResting) onWake?.(connection);
    }
    if (isDraining) response.setHeader("connection", "close");
    handle(request, response);
  });
  server.on("checkContinue", (request, response) => {
    const isTooLarge = Number(request.headers["content-length"] ?? 0) > maxBodyBytes;
    if (!isTooLarge) response.writeContinue();
    server.emit("request", request, response);
  });
  server.on("clientError", (error, socket) => {
    const response = connections.get(socket as Socket)?.response;
    answerClientError(error, socket, response !== undefined && isAnswering(response));
  });

  return {
    listen: (host, port) => listen(server, host, port),
    accept(socket) {
      // What never listens would never look for slow clients, nor know which connections rest.
      if (!isAccepting) server.emit("listening");
      isAccepting = true;
      server.emit("connection", socket);
    },
    connections,
    async drain(timeoutMs) {
      isDraining = true;
      for (const { response } of connections.values()) {
        if (response?.headersSent === false) response.setHeader("connection", "close");
      }
      const startedMs = performance.now();
      const closer = setInterval(() => {
        server.closeIdleConnections();
        if (performance.now() - startedMs > SILENCE_MS) closeSilent();
      }, DRAIN_INTERVAL_MS);
      const cutter = setTimeout(() => {
        const busy = [...connections.values()].filter(isBusy);
        if (busy.length > 0) log.warn(`${busy.length} requests were cut while they ran`);
        server.closeAllConnections();
      }, timeoutMs);
      await new Promise<void>((resolve) => {
        if (server.listening) server.close();
        // What the end of the last connection leaves to be told is told first.
        onEmpty = () => void setImmediate(resolve);
        if (connections.size === 0) resolve();
      });
      clearInterval(closer);
      clearTimeout(cutter);
    },
  };
};
