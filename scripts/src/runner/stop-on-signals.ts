import { remark } from "../cli/terminal.ts";
import type { RunningContainer } from "./container-runner.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Passes Ctrl-C, SIGTERM and a closed terminal on to the container as SageMaker's own stop, and waits for its end.
 *
 * @returns The container's exit code, and whether it was asked to stop.
 */
export const waitWithSignals = async (
  container: RunningContainer,
): Promise<{ exitCode: number; isStopped: boolean }> => {
  let isStopped = false;
  const stop = (): void => {
    if (!isStopped)
      remark("\nStopping; waiting for the container to end (again: ends it at once) …");
    isStopped = true;
    container.stop();
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  try {
    return { exitCode: await container.ended, isStopped };
  } finally {
    for (const signal of SIGNALS) process.off(signal, stop);
  }
};
