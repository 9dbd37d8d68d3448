import { execFile } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** Runs a tool of the system to its end, and gives what it printed on stdout. */
export const runTool = async (command: string, ...args: readonly string[]): Promise<string> => {
  const { stdout } = await execute(command, args, { maxBuffer: 64 * 1024 ** 2 });
  return stdout;
};
