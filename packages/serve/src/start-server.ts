import { constants } from "node:os";
import { log } from "@byoc/metrics";
import { createApp } from "./app.ts";
import { createModel } from "./model-state.ts";
import { createServer } from "./server.ts";
import type { Service } from "./service.ts";
import { readSettings } from "./settings.ts";

/** SageMaker kills the container 30 s after SIGTERM; what has not been answered by then is given up a little sooner. */
const DRAIN_TIMEOUT_MS = 25_000;
/** What a container left open holds the process up no longer than this after the last answer. */
const EXIT_TIMEOUT_MS = 1000;

/**
 * Serves a model until SIGTERM or SIGINT, and resolves when the requests that were running have been answered.
 *
 * It listens before it loads the model, so that /ping can say 503 meanwhile, and logs `listening on http://…` once
 * bound. A model that cannot be loaded does not end it: /ping says why. Requests still running 25 s after the signal are
 * given up; a second signal ends the process at once. The process ends with exit code 0 a second after the last answer
 * even when the container has left a handle open.
 *
 * @throws {InputError} `SETTING_INVALID` for a wrong environment variable, `LISTEN_FAILED` when the port cannot be bound:
 * the caller prints the message and exits with 2.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
 */
export const startServer = async <Model>(service: Service<Model>): Promise<void> => {
  const settings = readSettings();
  const model = createModel(service);
  const server = createServer(createApp(model, settings), settings);
  const { stopped, forget } = watchStopSignals();
  try {
    log.info(`listening on ${await server.listen()}`);
    void model.load();
    await stopped;
    await server.drain(DRAIN_TIMEOUT_MS);
  } finally {
    forget();
  }
  setTimeout(() => process.exit(), EXIT_TIMEOUT_MS).unref();
};

/** Node has no default action for these signals as process 1 of a container. */
const watchStopSignals = (): { stopped: Promise<void>; forget: () => void } => {
  const { promise, resolve } = Promise.withResolvers<void>();
  let isStopping = false;
  const onSignal = (signal: "SIGTERM" | "SIGINT"): void => {
    if (isStopping) process.exit(128 + constants.signals[signal]);
    isStopping = true;
    log.info(`${signal}: finishing the requests that run`);
    resolve();
  };
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
  const forget = (): void => {
    process.off("SIGTERM", onSignal);
    process.off("SIGINT", onSignal);
  };
  return { stopped: promise, forget };
};
