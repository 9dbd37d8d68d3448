import type { Socket } from "node:net";
import { workerDied } from "../invocation/request-errors.ts";
import { endWithError } from "./refuse-connection.ts";
import { findLeastLoaded, type Worker } from "./worker.ts";

/** A connection that a worker answers; the parent keeps its own end of it, and never reads from it. */
interface Connection {
  readonly id: number;
  readonly socket: Socket;
  readonly worker: Worker;
  /** Whether it is on its way to the worker, a request may be in the worker, or a long answer on its way. */
  state: "travelling" | "active" | "resting" | "writing";
}

/** The connections that have been handed to workers. */
export interface Connections {
  /** Hands a connection to the ready worker that has the fewest. */
  handOver(socket: Socket, workers: ReadonlySet<Worker>): boolean;
  setState(id: number, state: Connection["state"]): void;
  /** A worker has closed its end. */
  close(id: number): void;
  /** A worker is gone: every request that may have been in it is answered; gives what it had not taken. */
  answerFor(worker: Worker): readonly Socket[];
  /** Closes all that are left. */
  closeAll(): void;
}

/** Keeps the parent's ends of the connections. */
export const createConnections = (): Connections => {
  const connections = new Map<number, Connection>();
  const counts = new Map<Worker, number>();
  let nextId = 1;

  const remove = (id: number): Connection | undefined => {
    const connection = connections.get(id);
    if (connection === undefined) return undefined;
    connections.delete(id);
    const count = counts.get(connection.worker);
    if (count !== undefined) counts.set(connection.worker, count - 1);
    return connection;
  };

  return {
    handOver(socket, workers) {
      const worker = findLeastLoaded(workers, counts);
      if (worker === undefined) return false;
      const id = nextId++;
      connections.set(id, { id, socket, worker, state: "travelling" });
      counts.set(worker, (counts.get(worker) ?? 0) + 1);
      worker.send({ type: "connection", id }, socket);
      return true;
    },
    setState(id, state) {
      const connection = connections.get(id);
      if (connection !== undefined) connection.state = state;
    },
    close(id) {
      remove(id)?.socket.destroy();
    },
    answerFor(worker) {
      counts.delete(worker);
      const untaken: Socket[] = [];
      for (const connection of connections.values()) {
        if (connection.worker !== worker) continue;
        remove(connection.id);
        // Nothing of a short answer is on the wire: it is written in one piece. Of a long one the worker has told.
        if (connection.state === "travelling") untaken.push(connection.socket);
        else if (connection.state === "active") endWithError(connection.socket, workerDied());
        else connection.socket.destroy();
      }
      return untaken;
    },
    closeAll() {
      for (const { id, socket } of connections.values()) {
        remove(id);
        socket.destroy();
      }
    },
  };
};
