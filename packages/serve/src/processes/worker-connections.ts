import type { Socket } from "node:net";
import type { HttpServer } from "../http/server.ts";
import type { WorkerMessage } from "./messages.ts";

/** A worker's side of the connections that its parent hands it. */
export interface WorkerConnections {
  /** A connection has come; without its socket if it was closed on the way. */
  take(id: number, socket: Socket | undefined): void;
  /** Call for each request. */
  noteRequest(socket: Socket): void;
  /** Call before a long answer is written; gives what to call when it has been. */
  noteWriting(socket: Socket): () => void;
}

/** A connection without a request for this long rests. */
const REST_MS = 1_000;

/**
 * Takes the connections that the parent sends and tells it of their fate, so that it can answer for this process if it
 * dies: which are closed, which rest, and on which a long answer is under way.
 */
export const receiveConnections = (
  getServer: () => HttpServer,
  send: (message: WorkerMessage) => void,
): WorkerConnections => {
  const ids = new Map<Socket, number>();
  const requestedMs = new Map<Socket, number>();
  const resting = new Set<Socket>();
  let closed: number[] = [];

  const noteClosed = (socket: Socket, id: number): void => {
    ids.delete(socket);
    requestedMs.delete(socket);
    resting.delete(socket);
    // Many connections close at once when a client ends; one message tells of them all.
    if (closed.push(id) > 1) return;
    setImmediate(() => {
      send({ type: "closed", ids: closed });
      closed = [];
    });
  };
  const findResting = (): void => {
    const now = performance.now();
    const busy = getServer().listBusy();
    const found: number[] = [];
    for (const [socket, id] of ids) {
      const isRecent = now - (requestedMs.get(socket) ?? 0) < REST_MS;
      if (isRecent || busy.has(socket) || resting.has(socket)) continue;
      resting.add(socket);
      found.push(id);
    }
    if (found.length > 0) send({ type: "resting", ids: found });
  };
  setInterval(findResting, REST_MS).unref();

  return {
    take(id, socket) {
      if (socket === undefined) {
        send({ type: "closed", ids: [id] });
        return;
      }
      ids.set(socket, id);
      requestedMs.set(socket, performance.now());
      socket.once("close", () => noteClosed(socket, id));
      getServer().accept(socket);
    },
    noteRequest(socket) {
      requestedMs.set(socket, performance.now());
      if (!resting.delete(socket)) return;
      const id = ids.get(socket);
      if (id !== undefined) send({ type: "active", id });
    },
    noteWriting(socket) {
      const id = ids.get(socket);
      if (id === undefined) return () => {};
      send({ type: "writing", id });
      return () => send({ type: "written", id });
    },
  };
};
