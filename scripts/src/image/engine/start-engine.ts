import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CommandError } from "../../cli/command-error.ts";
import { findEngineProblem } from "../docker.ts";
import { createBridge } from "./bridge.ts";
import { runTool } from "./run-tool.ts";

/** An engine that this process has started. */
export interface OwnEngine {
  /** Stops it, and removes everything that it kept; once, however often it is called. */
  readonly close: () => Promise<void>;
}

const START_MS = 30_000;
const STOP_MS = 30_000;

/**
 * Starts an engine beside any other: its own state folder, socket and bridge; published ports only on loopback.
 * DOCKER_HOST of this process, and so of those that it starts, names it.
 *
 * @throws CommandError with the end of its log when it does not start
 */
export const startEngine = async (): Promise<OwnEngine> => {
  const stateDir = await mkdtemp(join(tmpdir(), "byoc-engine-"));
  const socket = `unix://${join(stateDir, "docker.sock")}`;
  const bridge = await createBridge();
  const configFile = join(stateDir, "daemon.json");
  const config = {
    bridge: bridge.name,
    "data-root": join(stateDir, "data"),
    "exec-root": join(stateDir, "exec"),
    hosts: [socket],
    ip: "127.0.0.1",
    pidfile: join(stateDir, "dockerd.pid"),
  };
  await writeFile(configFile, JSON.stringify(config));
  const logFile = join(stateDir, "dockerd.log");
  const log = openSync(logFile, "w");
  // A process group of its own: Ctrl-C is for us, and we stop it in order.
  const daemon = spawn("dockerd", ["--config-file", configFile], {
    stdio: ["ignore", log, log],
    detached: true,
  });
  closeSync(log);

  const remove = async (): Promise<void> => {
    await stop(daemon);
    await bridge.remove();
    await unmountBelow(stateDir);
    await rm(stateDir, { recursive: true, force: true });
    delete process.env["DOCKER_HOST"];
  };
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= remove());
  process.env["DOCKER_HOST"] = socket;
  if (await waitForEngine(daemon)) return { close };
  const words = (await readFile(logFile, "utf8")).trim().split("\n").slice(-3).join("\n");
  await close();
  throw new CommandError(`dockerd does not start: ${words}`);
};

const waitForEngine = async (daemon: ChildProcess): Promise<boolean> => {
  const giveUpMs = performance.now() + START_MS;
  while (daemon.exitCode === null && performance.now() < giveUpMs) {
    if ((await findEngineProblem()) === undefined) return true;
    await sleep(100);
  }
  return false;
};

const stop = async (daemon: ChildProcess): Promise<void> => {
  if (daemon.exitCode !== null || daemon.signalCode !== null) return;
  const ended = once(daemon, "exit");
  daemon.kill("SIGTERM");
  const killer = setTimeout(() => daemon.kill("SIGKILL"), STOP_MS);
  await ended;
  clearTimeout(killer);
};

/** An engine that is stopped while it builds leaves the file system of that step mounted. */
const unmountBelow = async (dir: string): Promise<void> => {
  const mounts = (await readFile("/proc/self/mounts", "utf8")).split("\n");
  for (const mount of mounts) {
    const path = mount.split(" ")[1] ?? "";
    if (path.startsWith(`${dir}/`)) await runTool("umount", "--lazy", path);
  }
};
