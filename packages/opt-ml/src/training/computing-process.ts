import { type ChildProcess, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { heapFlags } from "./heap-flags.ts";
import { type Message, SUPERVISOR_FD_VARIABLE } from "./supervisor-link.ts";

/** The pipe between the two processes, and its number in the computing one. */
const LINK_FD = 3;

const LAST_WORDS_BYTES = 16_384;

/** Starts this very program again, with a pipe for messages and one for stderr. */
export const startAgain = (): ChildProcess => {
  const [script = "", ...parameters] = process.argv.slice(1);
  const flags = [...process.execArgv, ...heapFlags()];
  return spawn(process.execPath, [...flags, script, ...parameters], {
    // The last is the link: it asks to stop in one direction, and carries messages in the other.
    stdio: ["ignore", "inherit", "pipe", "pipe"],
    env: { ...process.env, [SUPERVISOR_FD_VARIABLE]: String(LINK_FD) },
  });
};

/** What the process tells; fills as the messages come. */
export const collectMessages = (child: ChildProcess): readonly Message[] => {
  const link = child.stdio[LINK_FD] as Readable;
  const messages: Message[] = [];
  let rest = "";
  link.setEncoding("utf8");
  link.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) messages.push(JSON.parse(line) as Message);
  });
  // A process that is killed resets the pipe; its end is told by its exit.
  link.on("error", () => {});
  return messages;
};

/** Asks the process to stop; it looks into the pipe when it pleases. */
export const askToStop = (child: ChildProcess): void => {
  (child.stdio[LINK_FD] as Writable).write("s");
};

/**
 * Copies its stderr as it comes.
 *
 * @returns the end of it, so far
 */
export const passOnStderr = (child: ChildProcess): (() => string) => {
  const stderr = child.stderr as Readable;
  let kept: Buffer = Buffer.alloc(0);
  const resume = (): void => void stderr.resume();
  stderr.on("data", (chunk: Buffer) => {
    kept = Buffer.concat([kept, chunk]).subarray(-LAST_WORDS_BYTES);
    // A slow reader slows the writer down; one that has gone away loses what is said.
    if (process.stderr.writable && !process.stderr.write(chunk)) stderr.pause();
  });
  process.stderr.on("drain", resume).on("error", resume);
  return () => kept.toString("utf8");
};

/** How the process ended; `error` when it could not be started. */
export interface End {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly error?: Error;
}

/** A process that the algorithm started may hold stderr open; its words are waited for no longer than this. */
const DRAIN_MS = 1_000;

/** Waits until the process has ended and said its last words. */
export const waitForEnd = (child: ChildProcess): Promise<End> =>
  new Promise((resolve) => {
    child.once("error", (error) => resolve({ exitCode: null, signal: null, error }));
    child.once("exit", (exitCode, signal) => {
      const end = (): void => resolve({ exitCode, signal });
      const timer = setTimeout(end, DRAIN_MS);
      child.once("close", () => {
        clearTimeout(timer);
        end();
      });
    });
  });
