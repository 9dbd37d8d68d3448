import { writeSync } from "node:fs";

/** How long a reader may stand still, in milliseconds, before lines are given up. */
export const MAX_STALL_MS = 5_000;

const RETRY_MS = 5;

/** EPIPE: the reader of the pipe has gone; EIO: the terminal has gone. */
const READER_GONE: ReadonlySet<unknown> = new Set(["EPIPE", "EIO"]);

const stalledDescriptors = new Set<number>();

/**
 * Writes text to a file descriptor before it returns, so that the text survives whatever the process does next.
 *
 * A full pipe that is set not to block is waited for. When its reader takes nothing for `maxStallMs`, the rest of the
 * text is lost, and so is later text, without a wait, until the reader reads again; the first text after that starts on
 * a line of its own. A reader that has gone is no error: a job does not fail because nobody watches it.
 *
 * @param maxStallMs The longest wait in milliseconds, counted anew whenever the reader takes something.
 * @throws The system's error for anything else, such as ENOSPC where the output is a file on a full disk.
 * @see https://nodejs.org/api/process.html#a-note-on-process-io
 */
export const writeFully = (
  descriptor: number,
  text: string,
  { maxStallMs = MAX_STALL_MS }: { readonly maxStallMs?: number } = {},
): void => {
  const wasStalled = stalledDescriptors.has(descriptor);
  let rest = Buffer.from(wasStalled ? `\n${text}` : text);
  let patienceMs = wasStalled ? 0 : maxStallMs;
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest));
      stalledDescriptors.delete(descriptor);
      patienceMs = maxStallMs;
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (READER_GONE.has(code)) return;
      if (code !== "EAGAIN") throw error;
      if (patienceMs <= 0) {
        stalledDescriptors.add(descriptor);
        return;
      }
      sleep(RETRY_MS);
      patienceMs -= RETRY_MS;
    }
  }
};

/** Blocks this thread, and nothing is computed meanwhile. */
const sleep = (durationMs: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, durationMs);
};
