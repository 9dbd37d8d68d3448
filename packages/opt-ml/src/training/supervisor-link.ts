import { readSync, writeSync } from "node:fs";
import { Socket } from "node:net";

/** What the computing process tells its supervisor, one JSON object a line. */
export type Message =
  /** A checkpoint lies whole in its folder. */
  | { readonly type: "checkpoint"; readonly step: number }
  /** The algorithm has seen that it is asked to stop. */
  | { readonly type: "stopping" }
  /** The training function has returned. */
  | { readonly type: "completed" }
  /** The training function has given up because it was asked to stop. */
  | { readonly type: "stopped" }
  /** The training function has failed; `reason` is for the failure file. */
  | { readonly type: "failed"; readonly reason: string };

/** The computing process's end of the pipe to its supervisor. */
export interface SupervisorLink {
  /** Sends at once: the process may die on its next statement. */
  send(message: Message): void;
  /** Whether a stop has been asked for: looks into the pipe without waiting, also while the event loop is blocked. */
  pollStop(): boolean;
  /** Calls back when a stop is asked for and the event loop is free. */
  onStop(callback: () => void): void;
}

/** Names the file descriptor of the pipe in the computing process. */
export const SUPERVISOR_FD_VARIABLE = "BYOC_SUPERVISOR_FD";

/** Whether this process computes, and another one supervises it. */
export const isSupervised = (): boolean => process.env[SUPERVISOR_FD_VARIABLE] !== undefined;

/** Opens the pipe to the supervisor; undefined in a process that has none. */
export const openSupervisorLink = (): SupervisorLink | undefined => {
  const variable = process.env[SUPERVISOR_FD_VARIABLE];
  if (variable === undefined) return undefined;
  // Processes that the algorithm starts are not supervised.
  delete process.env[SUPERVISOR_FD_VARIABLE];
  const fd = Number(variable);
  const socket = new Socket({ fd, readable: true, writable: false });
  socket.unref();
  const byte = Buffer.alloc(1);
  return {
    send(message) {
      writeAll(fd, `${JSON.stringify(message)}\n`);
    },
    pollStop() {
      try {
        // A byte asks to stop; the end of the pipe says that the supervisor is gone.
        readSync(fd, byte);
        return true;
      } catch (error) {
        return (error as NodeJS.ErrnoException).code !== "EAGAIN";
      }
    },
    onStop(callback) {
      socket.once("data", callback).once("end", callback).once("error", callback);
    },
  };
};

/** The pipe does not block; when it is full, its reader needs a moment. */
const writeAll = (fd: number, text: string): void => {
  const bytes = Buffer.from(text);
  let written = 0;
  while (written < bytes.byteLength) {
    try {
      written += writeSync(fd, bytes, written);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EPIPE") return;
      if (code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
};
