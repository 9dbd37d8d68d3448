import { spawn } from "node:child_process";
import { repositoryDir } from "../repository.ts";

/** What a command printed, stdout and stderr as they came, and whether it ended with 0. */
export interface CommandResult {
  readonly hasPassed: boolean;
  readonly output: string;
}

/** Runs a command in the root of the repository, without stdin. */
export const runCommand = (command: string, args: readonly string[]): Promise<CommandResult> =>
  new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: repositoryDir,
      stdio: ["ignore", "pipe", "pipe"],
      env: process.stdout.isTTY ? process.env : { ...process.env, NO_COLOR: "1" },
    });
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.on("error", (error) =>
      resolve({ hasPassed: false, output: `${command}: ${error.message}\n` }),
    );
    child.on("close", (code) =>
      resolve({ hasPassed: code === 0, output: Buffer.concat(chunks).toString() }),
    );
  });
