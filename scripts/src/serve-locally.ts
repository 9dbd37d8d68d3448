import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { CommandError } from "./cli/command-error.ts";
import type { Container } from "./container.ts";
import type { ContainerRunner, RunningContainer } from "./runner/container-runner.ts";
import { processRunner } from "./runner/process-runner.ts";
import { showPath } from "./repository.ts";
import { waitUntilReady } from "./send-request.ts";

/** A container that serves, and where. */
export interface LocalServer {
  readonly running: RunningContainer;
  /** `http://127.0.0.1:8080` */
  readonly url: string;
}

/** What `byoc serve` is asked for. */
export interface ServingRequest {
  readonly container: Container;
  readonly host?: string;
  /** 0 is a free one. */
  readonly port?: number;
  readonly runner?: ContainerRunner;
  /** Called with each line on the container's stdout. */
  readonly onLine?: (line: string) => void;
}

/**
 * Starts a container with `serve` on the model of its tree; `ready` resolves when it can predict.
 *
 * @throws CommandError when there is no model yet.
 */
export const startServing = async ({
  container,
  host = "127.0.0.1",
  port = 0,
  runner = processRunner,
  onLine = () => {},
}: ServingRequest): Promise<{ running: RunningContainer; ready: Promise<LocalServer> }> => {
  await checkModel(container);
  const { promise: url, resolve } = Promise.withResolvers<string>();
  const running = runner.start({
    command: "serve",
    container,
    baseDir: container.treeDir,
    address: { host, port },
    onLine: (line) => {
      onLine(line);
      const address = /listening on (https?:\/\/\S+)/.exec(line)?.[1];
      if (address !== undefined) resolve(address);
    },
  });
  const listening = url.then(async (found) => {
    await waitUntilReady(found);
    return { running, url: found };
  });
  const ready = Promise.race([listening, failOnEnd(running)]);
  // Whoever only waits for the end need not look at these.
  for (const promise of [listening, ready]) promise.catch(() => {});
  return { running, ready };
};

const failOnEnd = async (running: RunningContainer): Promise<never> => {
  const exitCode = await running.ended;
  throw new CommandError(`the container ended with exit code ${exitCode} before it could predict`);
};

const checkModel = async ({ name, treeDir }: Container): Promise<void> => {
  const modelDir = join(treeDir, "model");
  const files = await readdir(modelDir).catch(() => []);
  if (files.length > 0) return;
  throw new CommandError(
    `there is no model in ${showPath(modelDir)}; train one first: ./scripts/byoc train ${name}`,
  );
};
