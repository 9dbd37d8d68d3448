import { type ChildProcess, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { createPaths, type Paths } from "../paths.ts";
import { explainDeath } from "./death.ts";
import { heapFlags, readMemoryBytes, readOomKills } from "./memory.ts";
import { type Ending, settle } from "./outcome.ts";
import { type Message, SUPERVISOR_FD_VARIABLE } from "./supervisor-link.ts";

/** The pipe between the two processes, and its number in the computing one. */
const LINK_FD = 3;

/** An algorithm that has not looked whether it should stop is ended after this long; the contract asks for 10 s. */
const UNSEEN_STOP_MS = 8_000;

/** An algorithm that is stopping is ended after this long: SageMaker kills the container 120 s after SIGTERM. */
const STOP_MS = 110_000;

const LAST_WORDS_BYTES = 16_384;

/**
 * Runs this very program again in a process of its own, and leaves `/opt/ml` in order however that one ends.
 *
 * The process that computes cannot tell of its own death: V8 out of memory, a crash in native code, SIGKILL. Nor can it
 * answer SIGTERM while it computes. This one does nothing but wait, so it can.
 *
 * @returns the exit code: 0 done, 1 failed, 143 stopped with nothing saved
 */
export const superviseTraining = async (paths: Paths = createPaths()): Promise<number> => {
  const oomKillsBefore = readOomKills();
  const child = startAgain();
  const messages = collectMessages(child.stdio[LINK_FD] as Readable);
  const lastWords = passOn(child.stderr as Readable);
  const stop = passOnStop(child, messages);
  const { exitCode, signal, error } = await waitForEnd(child);
  stop.end();

  const isOomKilled = isMore(readOomKills(), oomKillsBefore);
  const outcome = settle(
    paths,
    judge(messages, stop, () =>
      error === undefined
        ? explainDeath({
            exitCode,
            signal,
            lastWords: lastWords(),
            isOomKilled,
            memoryBytes: readMemoryBytes(),
          })
        : `the training process cannot be started: ${error.message}`,
    ),
    (problem) => say(problem),
  );
  // What the computing process has said itself is on stderr already.
  if (outcome.failure !== undefined && !messages.some(({ type }) => type === "failed")) {
    say(outcome.failure);
  }
  return outcome.exitCode;
};

const startAgain = (): ChildProcess => {
  const [script = "", ...parameters] = process.argv.slice(1);
  const flags = [...process.execArgv, ...heapFlags()];
  return spawn(process.execPath, [...flags, script, ...parameters], {
    // The last is the link: it asks to stop in one direction, and carries messages in the other.
    stdio: ["ignore", "inherit", "pipe", "pipe"],
    env: { ...process.env, [SUPERVISOR_FD_VARIABLE]: String(LINK_FD) },
  });
};

/** Fills as the messages come. */
const collectMessages = (link: Readable): readonly Message[] => {
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

/** Copies stderr as it comes, and keeps its end. */
const passOn = (stderr: Readable): (() => string) => {
  let kept: Buffer = Buffer.alloc(0);
  stderr.on("data", (chunk: Buffer) => {
    process.stderr.write(chunk);
    kept = Buffer.concat([kept, chunk]).subarray(-LAST_WORDS_BYTES);
  });
  return () => kept.toString("utf8");
};

/** What has been done about SIGTERM. */
interface StopState {
  readonly isRequested: boolean;
  /** Why the computing process had to be killed; undefined while it has not. */
  readonly killReason: string | undefined;
  end(): void;
}

const passOnStop = (child: ChildProcess, messages: readonly Message[]): StopState => {
  const link = child.stdio[LINK_FD] as Writable;
  const timers: NodeJS.Timeout[] = [];
  let isRequested = false;
  let killReason: string | undefined;
  const kill = (reason: string): void => {
    killReason ??= reason;
    child.kill("SIGKILL");
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    if (isRequested) {
      kill(`stopped at once: ${signal} came a second time`);
      return;
    }
    isRequested = true;
    say(`${signal}: asked the algorithm to stop`);
    link.write("s");
    timers.push(
      setTimeout(() => {
        if (messages.some(({ type }) => type === "stopping")) return;
        const seconds = UNSEEN_STOP_MS / 1000;
        kill(
          `stopped: the algorithm had not looked at stopRequested() ${seconds} s after ${signal}`,
        );
      }, UNSEEN_STOP_MS),
      setTimeout(() => {
        kill(`stopped: the algorithm had not ended ${STOP_MS / 1000} s after ${signal}`);
      }, STOP_MS),
    );
  };
  process.on("SIGTERM", onSignal).on("SIGINT", onSignal);
  return {
    get isRequested() {
      return isRequested;
    },
    get killReason() {
      return killReason;
    },
    end() {
      for (const timer of timers) clearTimeout(timer);
    },
  };
};

interface End {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly error?: Error;
}

/** A process that the algorithm started may hold stderr open; its words are waited for no longer than this. */
const DRAIN_MS = 1_000;

const waitForEnd = (child: ChildProcess): Promise<End> =>
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

const judge = (messages: readonly Message[], stop: StopState, explain: () => string): Ending => {
  const hasCheckpoint = messages.some(({ type }) => type === "checkpoint");
  const last = messages.findLast(({ type }) => type !== "checkpoint" && type !== "stopping");
  if (last?.type === "failed") return { kind: "failed", reason: last.reason };
  if (last?.type === "completed") {
    return stop.isRequested ? { kind: "completed-early", hasCheckpoint } : { kind: "completed" };
  }
  if (last?.type === "stopped" || stop.killReason !== undefined) {
    const reason = stop.killReason ?? "stopped: the algorithm gave up when it was asked to";
    return { kind: "stopped", hasCheckpoint, reason };
  }
  return { kind: "failed", reason: explain() };
};

const isMore = (after: number | undefined, before: number | undefined): boolean | undefined =>
  after === undefined || before === undefined ? undefined : after > before;

const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};
