import { constants, openSync, statSync } from "node:fs";
import { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { InputError } from "@byoc/errors";

/** Where a pipe is, whom it belongs to, and how long it may stay silent. */
export interface PipeOptions {
  readonly file: string;
  readonly channel: string;
  /** Longest wait for the pipe to appear, and for each next piece, in milliseconds. */
  readonly timeoutMs: number;
}

const POLL_INTERVAL_MS = 50;

/** SageMaker's own readers give up after 120 s; `BYOC_PIPE_TIMEOUT_S` changes it. */
export const DEFAULT_PIPE_TIMEOUT_S = 120;

/**
 * Reads one named pipe to its end, once it is there; it is never created, and never opened twice.
 *
 * Opened without blocking and read through the event loop: a blocking open would hold one of Node's few file threads
 * until the writer comes, and could not be given up.
 *
 * @throws InputError PIPE_TIMEOUT when it does not appear or falls silent, PIPE_NOT_A_FIFO when it is another kind of file
 */
export const readPipe = async function* (options: PipeOptions): AsyncGenerator<Uint8Array> {
  await waitForPipe(options);
  const fd = openSync(options.file, constants.O_RDONLY | constants.O_NONBLOCK);
  const socket = new Socket({ fd, readable: true, writable: false });
  const chunks: AsyncIterator<Uint8Array> = socket[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await nextWithin(chunks, options);
      if (next.done) return;
      yield next.value;
    }
  } finally {
    socket.destroy();
  }
};

/** The wait for a pipe in milliseconds, from `BYOC_PIPE_TIMEOUT_S`. */
export const readPipeTimeoutMs = (environment: NodeJS.ProcessEnv = process.env): number => {
  const text = environment["BYOC_PIPE_TIMEOUT_S"];
  const seconds = text === undefined || text === "" ? DEFAULT_PIPE_TIMEOUT_S : Number(text);
  if (seconds > 0 && seconds <= 86_400) return seconds * 1000;
  throw new InputError(
    "ENVIRONMENT",
    `BYOC_PIPE_TIMEOUT_S must be a number of seconds above 0 and up to 86400, found "${text}"`,
  );
};

const waitForPipe = async ({ file, channel, timeoutMs }: PipeOptions): Promise<void> => {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const stats = statSync(file, { throwIfNoEntry: false });
    if (stats?.isFIFO()) return;
    if (stats !== undefined) {
      const problem = `channel ${channel}: ${file} is no named pipe; the channel's input mode says Pipe`;
      throw new InputError("PIPE_NOT_A_FIFO", problem);
    }
    if (performance.now() > deadline) {
      throw timeoutError({ file, channel, timeoutMs }, "did not appear");
    }
    await sleep(POLL_INTERVAL_MS);
  }
};

const nextWithin = async (
  chunks: AsyncIterator<Uint8Array>,
  options: PipeOptions,
): Promise<IteratorResult<Uint8Array>> => {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_resolve, reject) => {
    const giveUp = (): void => reject(timeoutError(options, "sent nothing"));
    timer = setTimeout(giveUp, options.timeoutMs);
  });
  try {
    return await Promise.race([chunks.next(), silence]);
  } finally {
    clearTimeout(timer);
  }
};

const timeoutError = ({ file, channel, timeoutMs }: PipeOptions, what: string): InputError =>
  new InputError(
    "PIPE_TIMEOUT",
    `channel ${channel}: the pipe ${file} ${what} within ${timeoutMs / 1000} s (BYOC_PIPE_TIMEOUT_S); ` +
      "is the channel empty, or read by something else?",
  );
