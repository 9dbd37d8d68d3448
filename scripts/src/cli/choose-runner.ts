import type { ContainerRunner } from "../runner/container-runner.ts";
import { processRunner } from "../runner/process-runner.ts";
import { usageError } from "./command-error.ts";

/**
 * The way to run a container: its code as a process, unless an image is named.
 *
 * @throws CommandError (exit code 2) for an image: there is no runner for images yet.
 */
export const chooseRunner = (image: string | undefined): ContainerRunner => {
  if (image !== undefined)
    throw usageError("--image is not there yet; leave it out to run the code itself");
  return processRunner;
};
