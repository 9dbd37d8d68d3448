import type { Socket } from "node:net";
import { type Connection, type HttpServer, isBusy } from "../http/server.ts";
import type { WorkerMessage } from "./messages.ts";

/** A worker's side of the connections that its parent hands it. */
export interface WorkerConnections {
  /** A connection has come; without its socket if it was closed on the way. */
  take(id: number, socket: Socket | undefined): void;
  /** Call when a request has come on a connection that rested. */
  wake(connection: Connection): void;
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
  let closed: number[] = [];

  const noteClosed = (socket: Socket, id: number): void => {
    ids.delete(socket);
    // Many connections close at once when a client ends; one message tells of them all.
    if (closed.push(id) > 1) return;
    setImmediate(() => {
      send({ type: "closed", ids: closed });
      closed = [];
    });
  };
  const findResting = (): void => {
    const now = performance.now();
    const found: number[] = [];
    for (const connection of getServer().connections.values()) {
      const isRecent = now - connection.requestedMs < REST_MS;
      if (isRecent || connection.isResting || isBusy(connection)) continue;
      const id = ids.get(connection.socket);
      if (id === undefined) continue;
      connection.isResting = true;
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
      send({ type: "taken", id });
      ids.set(socket, id);
      socket.once("close", () => noteClosed(socket, id));
      getServer().accept(socket);
    },
    wake(connection) {
      connection.isResting = false;
      const id = ids.get(connection.socket);
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
