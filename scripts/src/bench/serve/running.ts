import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, rmSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile } from "node:fs/promises";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CommandError } from "../../cli/command-error.ts";
import { type CommandLine, pin } from "./cores.ts";
import { findFreePorts } from "./free-ports.ts";
import { listAlive, listTree, signalProcesses } from "./process-tree.ts";
import type { PreparedContender } from "./prepare.ts";

/** A contender that answers. */
export interface RunningContender extends PreparedContender {
  readonly pid: number;
  /** `http://127.0.0.1:43210` */
  readonly url: string;
  /** From the start of its program to the first 200, in milliseconds. */
  readonly startMs: number;
  /** Asks it to stop, and ends what has not ended after 10 s. */
  stop(): Promise<void>;
}

const START_LIMIT_MS = 90_000;
const STOP_LIMIT_MS = 10_000;
const POLL_MS = 5;

const running = new Map<ChildProcess, string>();

/**
 * Starts a contender on its cores and waits until it answers 200.
 *
 * @throws {CommandError} with the end of its log when it ends before, or does not answer within 90 s.
 */
export const startContender = async (
  prepared: PreparedContender,
  cores: string | undefined,
  more: Readonly<Record<string, string>> = {},
): Promise<RunningContender> => {
  const { contender, binDir, entry, environment } = prepared;
  const dir = await mkdtemp(join(tmpdir(), "byoc-bench-serve-"));
  // nginx's worker is another user than root.
  await chmod(dir, 0o755);
  await mkdir(join(dir, "metrics"));
  const ports = await findFreePorts();
  const place = { ports, dir, entry, binDir };
  const [file, ...args] = pin(cores, contender.command(place));
  const log = openSync(join(dir, "log"), "a");
  const started = performance.now();
  const child = spawn(file, args, {
    cwd: dir,
    env: { ...process.env, ...environment, ...contender.environment?.(place), ...more },
    stdio: ["ignore", log, log],
    // A group of its own: Ctrl-C reaches this process, which ends the others in order.
    detached: true,
  });
  closeSync(log);
  child.on("error", () => {});
  running.set(child, dir);
  const url = `http://127.0.0.1:${ports[0]}`;
  try {
    await waitUntilReady(child, `${url}${contender.readyPath}`, started);
  } catch (error) {
    const said = await readFile(join(dir, "log"), "utf8");
    end(child);
    throw new CommandError(`${contender.id} ${(error as Error).message}:\n${said.slice(-2000)}`);
  }
  const startMs = performance.now() - started;
  return { ...prepared, pid: child.pid ?? 0, url, startMs, stop: () => stop(child) };
};

/** Runs a program of the load on its cores, bounded in time; gives what it wrote to stdout. */
export const runLoad = async (
  cores: string | undefined,
  command: CommandLine,
  limitSeconds: number,
): Promise<string> => {
  const [file, ...args] = pin(cores, command);
  const child = spawn(file, args, { stdio: ["ignore", "pipe", "inherit"], detached: true });
  running.set(child, "");
  const timer = setTimeout(() => end(child), limitSeconds * 1000);
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  const code = await new Promise((resolve) => {
    child.once("error", ({ message }) => resolve(message));
    child.once("close", (exitCode, signal) => resolve(exitCode ?? signal));
  });
  clearTimeout(timer);
  running.delete(child);
  if (code === 0) return text;
  throw new CommandError(`${command.slice(0, 2).join(" ")} ended with ${String(code)}:\n${text}`);
};

/** Ends every process that was started here, at once: on Ctrl-C, and when this process ends otherwise. */
export const endEverythingAtExit = (): void => {
  process.once("exit", () => {
    for (const child of running.keys()) end(child);
  });
  process.once("SIGINT", () => process.exit(130));
  process.once("SIGTERM", () => process.exit(143));
  process.once("SIGHUP", () => process.exit(129));
};

const waitUntilReady = async (child: ChildProcess, url: string, started: number): Promise<void> => {
  while (!(await answers(url))) {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) {
      throw new Error("ended before it answered");
    }
    if (performance.now() - started > START_LIMIT_MS) throw new Error("did not answer in time");
    await sleep(POLL_MS);
  }
};

const answers = (url: string): Promise<boolean> =>
  new Promise((resolve) => {
    // One question at a time: a second one would make a second worker load the model of a server that does so lazily.
    get(url, { agent: false, timeout: START_LIMIT_MS }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    })
      .on("timeout", () => resolve(false))
      .on("error", () => resolve(false));
  });

const stop = async (child: ChildProcess): Promise<void> => {
  if (child.pid === undefined) return;
  const tree = listTree(child.pid);
  child.kill("SIGTERM");
  const limit = performance.now() + STOP_LIMIT_MS;
  while (child.exitCode === null && child.signalCode === null && performance.now() < limit) {
    await sleep(20);
  }
  end(child);
  // What it left is ended, too; the next contender starts when all of it is gone.
  while (listAlive(tree).length > 0 && performance.now() < limit + STOP_LIMIT_MS) {
    signalProcesses(tree, "SIGKILL");
    await sleep(20);
  }
};

/** Ends a program, what it started, and removes its folder. */
const end = (child: ChildProcess): void => {
  const dir = running.get(child);
  running.delete(child);
  if (child.pid !== undefined) {
    signalProcesses(listTree(child.pid), "SIGKILL");
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // Nobody is left in its group.
    }
  }
  if (dir) rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
};
