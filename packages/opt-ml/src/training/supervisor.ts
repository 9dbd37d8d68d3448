import { countOomKills, readMemoryLimitBytes } from "@byoc/limits";
import type { ChildProcess } from "node:child_process";
import { createPaths, type Paths } from "../paths.ts";
import {
  askToStop,
  collectMessages,
  passOnStderr,
  startAgain,
  waitForEnd,
} from "./computing-process.ts";
import { explainDeath } from "./death.ts";
import { type Ending, settle } from "./outcome.ts";
import type { Message } from "./supervisor-link.ts";

/** An algorithm that has not looked whether it should stop is ended after this long; the contract asks for 10 s. */
const UNSEEN_STOP_MS = 8_000;

/** An algorithm that is stopping is ended after this long: SageMaker kills the container 120 s after SIGTERM. */
const STOP_MS = 110_000;

/**
 * Runs this very program again in a process of its own, and leaves `/opt/ml` in order however that one ends.
 *
 * The process that computes cannot tell of its own death: V8 out of memory, a crash in native code, SIGKILL. Nor can it
 * answer SIGTERM while it computes. This one does nothing but wait, so it can.
 *
 * @returns the exit code: 0 done, 1 failed, 143 stopped with nothing saved
 */
export const superviseTraining = async (paths: Paths = createPaths()): Promise<number> => {
  const oomKillsBefore = countOomKills();
  const child = startAgain();
  const messages = collectMessages(child);
  const lastWords = passOnStderr(child);
  const stop = passOnStop(child, messages);
  const { exitCode, signal, error } = await waitForEnd(child);
  stop.end();

  const isOomKilled = isMore(countOomKills(), oomKillsBefore);
  const outcome = settle(
    paths,
    judge(messages, signal, stop, () =>
      error === undefined
        ? explainDeath({
            exitCode,
            signal,
            lastWords: lastWords(),
            isOomKilled,
            memoryBytes: readMemoryLimitBytes(),
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

/** What has been done about SIGTERM. */
interface StopState {
  readonly isRequested: boolean;
  /** Why the computing process had to be killed; undefined while it has not. */
  readonly killReason: string | undefined;
  end(): void;
}

const passOnStop = (child: ChildProcess, messages: readonly Message[]): StopState => {
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
    askToStop(child);
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

const judge = (
  messages: readonly Message[],
  signal: NodeJS.Signals | null,
  stop: StopState,
  explain: () => string,
): Ending => {
  const hasCheckpoint = messages.some(({ type }) => type === "checkpoint");
  const last = messages.findLast(({ type }) => type !== "checkpoint" && type !== "stopping");
  if (last?.type === "failed") return { kind: "failed", reason: last.reason };
  if (last?.type === "completed") {
    return stop.isRequested ? { kind: "completed-early", hasCheckpoint } : { kind: "completed" };
  }
  // A terminal sends SIGINT to both processes; the computing one may not have begun to listen.
  const isSignalled = stop.isRequested && (signal === "SIGINT" || signal === "SIGTERM");
  if (last?.type === "stopped" || stop.killReason !== undefined || isSignalled) {
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
