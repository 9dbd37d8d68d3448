import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { CommandError } from "../../cli/command-error.ts";
import { remark } from "../../cli/terminal.ts";
import type { CommandLine } from "./cores.ts";

/** Programs of the system that the comparison needs, by the Debian package that has them. */
const DEBIAN_PACKAGES = { nginx: "nginx", wrk: "wrk", taskset: "util-linux" } as const;

/** A program of the system. */
export type Tool = keyof typeof DEBIAN_PACKAGES;

/**
 * Runs a program to its end.
 *
 * @returns What it wrote to stdout and stderr.
 * @throws {CommandError} with that text when it fails or is not there.
 */
export const runTool = async (
  command: CommandLine,
  environment: Readonly<Record<string, string>> = {},
): Promise<string> => {
  const [file, ...args] = command;
  const child = spawn(file, args, {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const kill = (): void => void child.kill("SIGKILL");
  process.once("exit", kill);
  const ended = new Promise<number | string>((resolve) => {
    child.once("error", ({ message }) => resolve(message));
    child.once("close", (code, signal) => resolve(code ?? signal ?? "unknown"));
  });
  const [out, problems] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const code = await ended;
  process.off("exit", kill);
  if (code === 0) return out + problems;
  throw new CommandError(`${command.join(" ")} failed (${code}):\n${out}${problems}`.trimEnd());
};

/**
 * Makes sure that the programs are there; with `isInstalling` by apt-get, which needs root.
 *
 * @throws {CommandError} says how to install what is missing.
 */
export const requireTools = async (
  tools: readonly Tool[],
  isInstalling: boolean,
): Promise<void> => {
  const found = await Promise.all(tools.map(isThere));
  const missing = tools.filter((_, index) => found[index] === false);
  if (missing.length === 0) return;
  const packages = missing.map((tool) => DEBIAN_PACKAGES[tool]);
  if (!isInstalling) {
    throw new CommandError(
      `${missing.join(" and ")} not found; as root: apt-get install --no-install-recommends ${packages.join(" ")}` +
        " (or give --install)",
    );
  }
  remark(`Installing ${packages.join(" ")} …`);
  // In runlevel 1 nothing that is installed is started: nginx is wanted as a program, not as a service.
  const environment = { RUNLEVEL: "1", DEBIAN_FRONTEND: "noninteractive" };
  await runTool(["apt-get", "update", "--quiet"], environment);
  const options = ["--quiet", "--yes", "--no-install-recommends"];
  await runTool(["apt-get", "install", ...options, ...packages], environment);
};

const isThere = async (tool: Tool): Promise<boolean> => {
  try {
    await runTool(["/bin/sh", "-c", `command -v ${tool}`]);
    return true;
  } catch {
    return false;
  }
};

/** The version in what `nginx -v`, `wrk -v` and the like print: `nginx 1.22.1`, `wrk 4.1.0`. */
export const readVersion = async (tool: "nginx" | "wrk"): Promise<string> => {
  // wrk prints its version and ends with 1.
  const printed = await runTool(["/bin/sh", "-c", `${tool} -v 2>&1 || true`]);
  return `${tool} ${/\d+\.\d+(\.\d+)?/.exec(printed)?.[0] ?? "of unknown version"}`;
};
