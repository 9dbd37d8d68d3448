import { execFile, spawn } from "node:child_process";
import { promisify } from "node:util";
import { CommandError } from "../cli/command-error.ts";

const execute = promisify(execFile);

/** An answer of Docker may be long: the history of an image, the log of a container. */
const MAX_OUTPUT_BYTES = 64 * 1024 ** 2;

/**
 * Runs one docker command to its end.
 *
 * @returns what it printed on stdout, without the last line break
 * @throws CommandError with what it said on stderr, when it does not end with 0
 */
export const docker = async (...args: readonly string[]): Promise<string> => {
  try {
    const { stdout } = await execute("docker", args, { maxBuffer: MAX_OUTPUT_BYTES });
    return stdout.trimEnd();
  } catch (error) {
    const { stderr = "", message } = error as Error & { stderr?: string };
    throw new CommandError(`docker ${args[0] ?? ""}: ${stderr.trim() || message}`, {
      cause: error,
    });
  }
};

/** Runs one docker command that a person watches: its output is ours. Resolves with its exit code. */
export const watchDocker = (
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<number> =>
  new Promise((resolve, reject) => {
    const child = spawn("docker", args, {
      env: { ...process.env, ...environment },
      stdio: ["ignore", "inherit", "inherit"],
    });
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });

/** Why no image can be built or run here, and what to do, in one line; undefined when an engine answers. */
export const findEngineProblem = async (): Promise<string | undefined> => {
  try {
    await execute("docker", ["version", "--format", "{{.Server.Version}}"], { timeout: 10_000 });
    return undefined;
  } catch (error) {
    const { code, stderr = "" } = error as NodeJS.ErrnoException & { stderr?: string };
    if (code === "ENOENT") {
      return "Docker is not installed, and images need it: https://docs.docker.com/get-started/get-docker/";
    }
    return stderr.includes("permission denied")
      ? "this user may not use Docker's engine: join the group docker (sudo usermod -aG docker $USER), then log in again"
      : "Docker is installed, but no engine answers: start Docker Desktop, or the service (sudo systemctl start docker)";
  }
};
