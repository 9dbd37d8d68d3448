import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const packageDir = fileURLToPath(new URL("..", import.meta.url));

/** Options for Node: a module given as text, whose imports are relative to the package: `./src/log.ts`. */
export const toNodeArguments = (code: string): string[] => ["--input-type=module", "--eval", code];

/** What a process has left behind. */
export interface ScriptResult {
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
  readonly stdout: string;
}

/** Runs a module in a process of its own. */
export const runScript = (code: string): ScriptResult =>
  spawnSync(process.execPath, toNodeArguments(code), { cwd: packageDir, encoding: "utf8" });

/** Runs a module with its stdout piped into a shell command, and gives what that command prints. */
export const runIntoPipe = (code: string, reader: string): ScriptResult =>
  spawnSync("sh", ["-c", `"$0" "$@" | ( ${reader} )`, process.execPath, ...toNodeArguments(code)], {
    cwd: packageDir,
    encoding: "utf8",
  });

/** Runs a Python program; `input` is its stdin. */
export const runPython = (
  program: string,
  {
    input = "",
    args = [],
    env = {},
  }: { input?: string; args?: string[]; env?: NodeJS.ProcessEnv } = {},
): ScriptResult =>
  spawnSync("python3", ["-c", program, ...args], {
    cwd: packageDir,
    encoding: "utf8",
    env: { ...process.env, ...env },
    input,
  });

/** Whether there is a Python 3; what needs one is skipped otherwise. */
export const hasPython: boolean = spawnSync("python3", ["--version"]).status === 0;
