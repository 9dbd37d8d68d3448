import { constants } from "node:os";
import { readCpuLimit } from "@byoc/limits";
import { log } from "@byoc/metrics";
import { readLogLevel } from "./observability/log-level.ts";
import { readRole, type Role } from "./processes/role.ts";
import type { RunningServer } from "./processes/running-server.ts";
import type { Matrix } from "@byoc/table";
import type { Rows, Service } from "./service.ts";
import { readSettings, type ServerSettings } from "./settings.ts";

/** SageMaker kills the container 30 s after SIGTERM; what has not been answered by then is given up a little sooner. */
const STOP_TIMEOUT_MS = 26_000;
/** What a container left open holds the process up no longer than this after the last answer. */
const EXIT_TIMEOUT_MS = 1_000;
const EXIT_FAILED = 1;

/**
 * Serves a model until SIGTERM or SIGINT, and resolves when the requests that were running have been answered.
 *
 * It listens before it loads the model, so that /ping can say 503 meanwhile, and logs `listening on http://…` once
 * bound. Workers, one for each CPU or as many as `SAGEMAKER_MODEL_SERVER_WORKERS` says, are this same program, started
 * again. A model that cannot be loaded does not end it: /ping says why. A worker that dies is replaced; workers that
 * die again and again end the process with exit code 1. Requests still running 26 s after the signal are given up; a
 * second signal ends the process at once. The process ends with exit code 0 a second after the last answer even when the
 * container has left a handle open.
 *
 * @throws {InputError} `SETTING_INVALID` for a wrong environment variable, `LISTEN_FAILED` when the port cannot be bound.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
 */
export const startServer = async <Model, Taken extends Rows = Matrix>(
  service: Service<Model, Taken>,
): Promise<void> => {
  const settings = readSettings();
  const role = readRole();
  if (role !== undefined) {
    await runWorker(role, service, settings);
    return;
  }
  await checkAccept(service, settings);
  readLogLevel();
  const { stopped, forget } = watchStopSignals();
  const server = await startParent(service, settings);
  log.info(`listening on ${server.address}`);
  await stopped;
  await server.stop(STOP_TIMEOUT_MS);
  forget();
  setTimeout(() => process.exit(), EXIT_TIMEOUT_MS).unref();
};

/** Never resolves: a worker ends when its parent says so. */
const runWorker = async <Model, Taken extends Rows = Matrix>(
  role: Role,
  service: Service<Model, Taken>,
  settings: ServerSettings,
): Promise<never> => {
  if (role === "socket") {
    const { runSocketWorker } = await import("./processes/run-socket-worker.ts");
    await runSocketWorker(service, settings);
  } else {
    const { runComputeWorker } = await import("./processes/run-compute-worker.ts");
    await runComputeWorker(service, settings);
  }
  return new Promise<never>(() => {});
};

/** A default that is not offered is a mistake of the job's environment, and no request's. */
const checkAccept = async <Model, Taken extends Rows>(
  { formats }: Service<Model, Taken>,
  { defaultAccept }: ServerSettings,
): Promise<void> => {
  if (defaultAccept === undefined) return;
  const { checkDefaultAccept, listEncoders } = await import("./invocation/rules.ts");
  checkDefaultAccept(defaultAccept, [...listEncoders(formats ?? []).keys()]);
};

const startParent = async <Model, Taken extends Rows = Matrix>(
  service: Service<Model, Taken>,
  settings: ServerSettings,
): Promise<RunningServer> => {
  const onCrashLoop = (cause: string): void => {
    log.error(`${cause}: the container ends`);
    process.exit(EXIT_FAILED);
  };
  const options = { count: countWorkers(service, settings), onCrashLoop };
  // The models of a multi-model endpoint lie in one process, where their memory can be counted.
  if (service.cost === "short" || settings.isMultiModel) {
    const { startSocketParent } = await import("./processes/run-socket-parent.ts");
    return startSocketParent(settings, options);
  }
  const { startComputeParent } = await import("./processes/run-compute-parent.ts");
  return startComputeParent(service, settings, options);
};

const countWorkers = <Model, Taken extends Rows = Matrix>(
  { cost, workers }: Service<Model, Taken>,
  settings: ServerSettings,
): number => {
  if (settings.isMultiModel) return 1;
  if (settings.workers !== undefined) return settings.workers;
  return workers ?? (cost === "short" ? Math.max(1, Math.floor(readCpuLimit())) : 1);
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
