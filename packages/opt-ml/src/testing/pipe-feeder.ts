import { execFile } from "node:child_process";
import { constants, createReadStream, openSync } from "node:fs";
import { rm } from "node:fs/promises";
import { Socket } from "node:net";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { listChannelFiles } from "../channels/file-channel.ts";

/** Feeds the pipes of one channel until it is closed. */
export interface PipeFeeder {
  close(): Promise<void>;
}

/** What a channel's pipes carry. */
export interface PipeFeederOptions {
  readonly inputDataDir: string;
  readonly channel: string;
  /** The folder whose files are sent, joined, in every epoch. */
  readonly dataDir: string;
}

const POLL_INTERVAL_MS = 20;

/**
 * Does for a channel in Pipe mode what SageMaker does: makes the pipe of an epoch, sends every file through it once
 * somebody reads, and then makes the pipe of the next.
 *
 * The first pipe is there when this returns.
 */
export const feedPipes = async (options: PipeFeederOptions): Promise<PipeFeeder> => {
  const controller = new AbortController();
  const first = await makePipe(options, 0);
  const feeding = feedEpochs(options, first, controller.signal);
  return {
    async close() {
      controller.abort();
      await feeding;
    },
  };
};

const makePipe = async (
  { inputDataDir, channel }: PipeFeederOptions,
  epoch: number,
): Promise<string> => {
  const pipe = path.join(inputDataDir, `${channel}_${epoch}`);
  await rm(pipe, { force: true });
  await promisify(execFile)("mkfifo", [pipe]);
  return pipe;
};

const feedEpochs = async (
  options: PipeFeederOptions,
  first: string,
  signal: AbortSignal,
): Promise<void> => {
  let pipe = first;
  for (let epoch = 1; !signal.aborted; epoch++) {
    const fd = await openForWriting(pipe, signal);
    if (fd === undefined) return;
    const socket = new Socket({ fd, readable: false, writable: true });
    try {
      for (const file of listChannelFiles(options.dataDir, options.channel)) {
        await pipeline(createReadStream(file), socket, { end: false, signal });
      }
      await new Promise<void>((resolve) => socket.end(resolve));
    } catch {
      // The reader has gone away, which it may, or the feeder is being closed.
    } finally {
      socket.destroy();
    }
    pipe = await makePipe(options, epoch);
  }
};

/** Waits for a reader without blocking; undefined when the feeder is closed before one comes. */
const openForWriting = async (pipe: string, signal: AbortSignal): Promise<number | undefined> => {
  while (!signal.aborted) {
    try {
      return openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ENOENT") return undefined;
      if (code !== "ENXIO") throw error;
    }
    await sleep(POLL_INTERVAL_MS);
  }
  return undefined;
};
