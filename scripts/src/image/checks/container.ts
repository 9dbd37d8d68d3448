import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { docker } from "../docker.ts";

/** How `docker run` ended, and what the container said on both streams. */
export interface RunResult {
  readonly exitCode: number;
  readonly output: string;
}

/** Runs an image to its end; the container is removed. */
export const runImage = (
  image: string,
  { flags = [], args = [] }: { flags?: readonly string[]; args?: readonly string[] } = {},
): Promise<RunResult> =>
  new Promise((resolve) => {
    const command = ["run", "--rm", ...flags, image, ...args];
    execFile("docker", command, { maxBuffer: 64 * 1024 ** 2 }, (error, stdout, stderr) => {
      const exitCode = typeof error?.code === "number" ? error.code : error === null ? 0 : 1;
      resolve({ exitCode, output: stdout + stderr });
    });
  });

/** A container that serves on a port of this machine. */
export interface ServingContainer {
  readonly url: string;
  /** From `docker run` to the first 200 on /ping. */
  readonly startMs: number;
  readonly readLog: () => Promise<string>;
  /** `docker stop`, as SageMaker does: SIGTERM, and SIGKILL after 30 s. Gives the exit code. */
  readonly stop: () => Promise<number>;
}

const START_MS = 30_000;

/** Starts `serve`, hands it to `use` once it answers /ping with 200, and removes it in any case. */
export const withServing = async (
  image: string,
  flags: readonly string[],
  use: (container: ServingContainer) => Promise<string>,
): Promise<string> => {
  const name = `byoc-check-${randomUUID()}`;
  const started = performance.now();
  const command = ["run", "--detach", "--name", name, "--publish", "127.0.0.1::8080", ...flags];
  try {
    await docker(...command, image, "serve");
    const url = `http://${await docker("port", name, "8080/tcp")}`;
    await waitForPing(url);
    return await use({
      url,
      startMs: performance.now() - started,
      readLog: () => docker("logs", name),
      stop: async () => {
        await docker("stop", "--time", "30", name);
        return Number(await docker("inspect", "--format", "{{.State.ExitCode}}", name));
      },
    });
  } catch (error) {
    const log = await docker("logs", name).catch(() => "");
    throw new Error(`${(error as Error).message}\nThe container said: ${log}`, { cause: error });
  } finally {
    await docker("rm", "--force", "--volumes", name).catch(() => {});
  }
};

const waitForPing = async (url: string): Promise<void> => {
  const giveUpMs = performance.now() + START_MS;
  while (performance.now() < giveUpMs) {
    const signal = AbortSignal.timeout(1000);
    const status = await fetch(`${url}/ping`, { signal }).then(
      (answer) => answer.status,
      () => 0,
    );
    if (status === 200) return;
    await sleep(10);
  }
  throw new Error(`no 200 on /ping within ${START_MS / 1000} s`);
};
