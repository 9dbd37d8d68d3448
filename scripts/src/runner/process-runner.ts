import { spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";
import { createInterface } from "node:readline";
import type { ContainerRunner, ContainerStart, RunningContainer } from "./container-runner.ts";

/** Runs a container's code as a process of this machine, without an image. */
export const processRunner: ContainerRunner = {
  start: (start: ContainerStart): RunningContainer => {
    const { command, container, onLine } = start;
    const child = spawn(process.execPath, [container.entry, command], {
      env: createEnvironment(start),
      stdio: ["ignore", onLine === undefined ? "inherit" : "pipe", "inherit"],
      // A process group of its own: Ctrl-C in the terminal reaches us, and the container only through stop().
      detached: true,
    });
    const lines = child.stdout === null ? undefined : createInterface({ input: child.stdout });
    if (onLine !== undefined) lines?.on("line", onLine);
    const kill = (): void => killGroup(child.pid);
    process.once("exit", kill);
    return {
      ended: waitForEnd(child).finally(() => process.off("exit", kill)),
      stop: () => void child.kill("SIGTERM"),
      kill,
    };
  },
};

const createEnvironment = ({
  baseDir,
  environment,
  address,
}: ContainerStart): NodeJS.ProcessEnv => ({
  ...process.env,
  ...environment,
  SAGEMAKER_BASE_DIR: baseDir,
  ...(address === undefined
    ? {}
    : { SAGEMAKER_BIND_TO_PORT: String(address.port), BYOC_HOST: address.host }),
});

/** Ends the container and whatever it started. */
const killGroup = (pid: number | undefined): void => {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
};

const waitForEnd = async (child: ReturnType<typeof spawn>): Promise<number> => {
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
};
