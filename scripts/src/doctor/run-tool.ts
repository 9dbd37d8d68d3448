import { execFile } from "node:child_process";
import { delimiter, dirname } from "node:path";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** PATH without the folder that set-up puts first: the machine as it is without us. */
export const machinePath = (): string =>
  (process.env["PATH"] ?? "")
    .split(delimiter)
    .filter((dir) => dir !== dirname(process.execPath) && !dir.endsWith("node_modules/.bin"))
    .join(delimiter);

/** Runs a command of this machine for at most 5 seconds: what it printed, or what went wrong in one line. */
export const runTool = async (
  command: string,
  args: readonly string[],
): Promise<{ stdout: string } | { problem: string; isMissing: boolean; stdout: string }> => {
  try {
    const env = { ...process.env, PATH: machinePath() };
    const { stdout } = await execute(command, args, { env, timeout: 5000 });
    return { stdout: stdout.trim() };
  } catch (error) {
    const {
      code,
      stderr = "",
      stdout = "",
      message,
    } = error as NodeJS.ErrnoException & {
      stderr?: string;
      stdout?: string;
    };
    const problem = stderr.split("\n").find((line) => line.trim() !== "") ?? message;
    return { problem, isMissing: code === "ENOENT", stdout: stdout.trim() };
  }
};
