import { mkdirSync } from "node:fs";
import path from "node:path";
import { InputError, isInputError, listNames } from "@byoc/errors";
import { log } from "@byoc/metrics";
import { writeFileAtomic } from "../atomic-file.ts";
import { type Channels, readChannels } from "../channels/channels.ts";
import { openCheckpoints } from "../checkpoints.ts";
import { type Cluster, readCluster } from "../cluster.ts";
import { readConfigFile } from "../config-file.ts";
import type { Hyperparameters } from "../hyperparameters/hyperparameters.ts";
import { createPaths, type Paths } from "../paths.ts";
import { describeFailure } from "./failure-text.ts";
import type { TrainingFunction, TrainingJob } from "./job.ts";
import { createStaging, discardStaging } from "./model-folder.ts";
import { ignoreClosedOutput } from "./output.ts";
import { createReporter, type Reporter } from "./reporter.ts";
import { createStop, StopRequest } from "./stop.ts";

/** What a container says about its training. */
export interface TrainingOptions<Values> {
  readonly hyperparameters: Hyperparameters<Values>;
  /**
   * The hosts of a cluster work together, and the leader saves the model; without, the leader trains alone and the
   * others have nothing to do.
   */
  readonly sharesWork?: boolean;
  /** Checkpoints that are kept, from 1; default 3. */
  readonly keepLastCheckpoints?: number;
}

/**
 * Runs one training as SageMaker wants it: reads `/opt/ml/input`, calls `train`, and ends the process.
 *
 * The model is published when `train` has returned; when it throws, there is none, and the failure file says why.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo.html
 */
export const runTraining = async <Values>(
  options: TrainingOptions<Values>,
  train: TrainingFunction<Values>,
): Promise<void> => {
  const paths = createPaths();
  const reporter = createReporter(paths);
  ignoreClosedOutput();
  process.on("uncaughtException", (error) => void fail(reporter, error));
  try {
    const cluster = readCluster(paths);
    const channels = readChannels(paths);
    const raw = readConfigFile(paths.inputConfigDir, "hyperparameters.json") ?? {};
    const hyperparameters = options.hyperparameters.read(raw);
    if (!hasWork(options, cluster, channels)) await reporter.end({ type: "completed" });
    log.info(`hyperparameters: ${JSON.stringify(hyperparameters)}`);
    await train(createJob(paths, { options, hyperparameters, channels, cluster, reporter }));
    // SageMaker merges the model folders of all hosts into one archive.
    if (!cluster.isLeader) discardStaging(paths.modelDir);
    await reporter.end({ type: "completed" });
  } catch (error) {
    if (isStopRequest(error)) await reporter.end({ type: "stopped" });
    await fail(reporter, error);
  }
};

interface JobContext<Values> {
  readonly options: TrainingOptions<Values>;
  readonly hyperparameters: Values;
  readonly channels: Channels;
  readonly cluster: Cluster;
  readonly reporter: Reporter;
}

const createJob = <Values>(
  paths: Paths,
  { options, hyperparameters, channels, cluster, reporter }: JobContext<Values>,
): TrainingJob<Values> => {
  const stop = createStop(reporter.link, () => reporter.send({ type: "stopping" }));
  const outputDir = paths.outputDataDir;
  makeOutputDir(outputDir);
  return {
    name: process.env["TRAINING_JOB_NAME"] || "local",
    hyperparameters,
    channels,
    cluster,
    checkpoints: openCheckpoints(paths, cluster, {
      ...(options.keepLastCheckpoints === undefined
        ? {}
        : { keepLast: options.keepLastCheckpoints }),
      onSaved: ({ step }) => reporter.send({ type: "checkpoint", step }),
    }),
    modelDir: createStaging(paths.modelDir),
    outputDir,
    writeOutput(name, content) {
      try {
        writeFileAtomic(path.join(outputDir, name), content);
      } catch (error) {
        throw outputError(`${name} cannot be written to ${outputDir}`, error);
      }
    },
    stopRequested: () => stop.stopRequested(),
    get signal() {
      return stop.signal;
    },
  };
};

/**
 * Whether this host takes part.
 *
 * @throws InputError DATA_SHARDED when each host has other data, and the algorithm cannot share its work
 */
const hasWork = (
  { sharesWork = false }: TrainingOptions<unknown>,
  { isLeader, worldSize, currentHost, leader }: Cluster,
  channels: Channels,
): boolean => {
  if (sharesWork || worldSize === 1) return true;
  const sharded = channels.all.filter(({ isSharded }) => isSharded).map(({ name }) => name);
  if (sharded.length > 0) {
    throw new InputError(
      "DATA_SHARDED",
      `channel ${listNames(sharded, { conjunction: "and" })}: this algorithm trains on one host, and ShardedByS3Key gives ` +
        `each of the ${worldSize} hosts only a part of the data; use FullyReplicated, or one instance`,
    );
  }
  if (!isLeader) {
    log.info(
      `${currentHost} has nothing to do: this algorithm trains on one host, and that is ${leader}`,
    );
  }
  return isLeader;
};

const makeOutputDir = (outputDir: string): void => {
  try {
    mkdirSync(outputDir, { recursive: true });
  } catch (error) {
    throw outputError(`the folder ${outputDir} cannot be made`, error);
  }
};

const outputError = (problem: string, cause: unknown): InputError => {
  const advice = "SageMaker runs containers as root: is there a USER in the Dockerfile?";
  return new InputError("OUTPUT_WRITE", `${problem}: ${(cause as Error).message}; ${advice}`, {
    cause,
  });
};

/** An error that the request to stop lies at the bottom of: `fetch` throws it as it is, timers wrap it. */
const isStopRequest = (error: unknown, depth = 0): boolean =>
  error instanceof StopRequest ||
  (error instanceof Error && depth < MOST_CAUSES && isStopRequest(error.cause, depth + 1));

/** A chain may bite its own tail. */
const MOST_CAUSES = 16;

const fail = (reporter: Reporter, error: unknown): Promise<never> => {
  const reason = describeFailure(error);
  log.error(isInputError(error) ? reason : withStack(error));
  return reporter.end({ type: "failed", reason });
};

const withStack = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);
