import { log } from "@byoc/metrics";
import type { Paths } from "../paths.ts";
import { type Ending, settle } from "./outcome.ts";
import { exitWhenWritten } from "./output.ts";
import { type Message, openSupervisorLink, type SupervisorLink } from "./supervisor-link.ts";

/** How a training run ends. */
export type LastMessage = Extract<Message, { type: "completed" | "stopped" | "failed" }>;

/** Where the computing process reports to. */
export interface Reporter {
  readonly link: SupervisorLink | undefined;
  send(message: Message): void;
  /**
   * Sends the last message, and ends the process, whatever timers, sockets or threads are still open; what is said after
   * the last message does not count.
   */
  end(message: LastMessage): Promise<never>;
}

/** Reports to the supervisor; in a process that has none, does at the end what the supervisor would have done. */
export const createReporter = (paths: Paths): Reporter => {
  const link = openSupervisorLink();
  const sent: Message[] = [];
  let hasEnded = false;
  const send = (message: Message): void => {
    sent.push(message);
    link?.send(message);
  };
  return {
    link,
    send(message) {
      if (!hasEnded) send(message);
    },
    end(message) {
      if (hasEnded) return new Promise<never>(() => {});
      hasEnded = true;
      send(message);
      if (link !== undefined) return exitWhenWritten(0);
      const { exitCode } = settle(paths, toEnding(message, sent), (problem) => log.error(problem));
      return exitWhenWritten(exitCode);
    },
  };
};

const toEnding = (message: LastMessage, sent: readonly Message[]): Ending => {
  const hasCheckpoint = sent.some(({ type }) => type === "checkpoint");
  const isStopping = sent.some(({ type }) => type === "stopping");
  switch (message.type) {
    case "failed":
      return { kind: "failed", reason: message.reason };
    case "stopped":
      return {
        kind: "stopped",
        hasCheckpoint,
        reason: "stopped: the algorithm gave up when it was asked to",
      };
    case "completed":
      return isStopping ? { kind: "completed-early", hasCheckpoint } : { kind: "completed" };
  }
};
