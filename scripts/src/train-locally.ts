import { createTree, type Tree } from "@byoc/opt-ml/testing";
import type { Container } from "./container.ts";
import type { ContainerRunner } from "./runner/container-runner.ts";
import { processRunner } from "./runner/process-runner.ts";
import { waitWithSignals } from "./runner/stop-on-signals.ts";

/** How SageMaker hands a channel to a container. */
export type InputMode = "File" | "FastFile" | "Pipe";

/** What `byoc train` is asked for. */
export interface TrainingRequest {
  readonly container: Container;
  /** Channel name to file or folder, absolute; without it the container's own data, and the settings that fit it. */
  readonly channels?: Readonly<Record<string, string>>;
  readonly hyperparameters?: Readonly<Record<string, string>>;
  readonly mode?: InputMode;
  readonly runner?: ContainerRunner;
  /** Called with each line on the container's stdout; without it they go to our own stdout. */
  readonly onLine?: (line: string) => void;
}

/** How a training ended. */
export interface TrainingResult {
  /** The container's exit code. */
  readonly exitCode: number;
  readonly isStopped: boolean;
  readonly durationMs: number;
  /** Where the model, the output and the failure file lie. */
  readonly paths: Tree["paths"];
  readonly baseDir: string;
  /** The text of the failure file, when the container wrote one. */
  readonly failure: string | undefined;
}

/** Trains a container as SageMaker would: a fresh tree, the container started with `train`, its result as it lies there. */
export const trainLocally = async ({
  container,
  channels,
  hyperparameters = {},
  mode = "File",
  runner = processRunner,
  onLine,
}: TrainingRequest): Promise<TrainingResult> => {
  const tree = await createTree({
    baseDir: container.treeDir,
    channels: channels ?? container.channels,
    hyperparameters: {
      ...(channels === undefined ? container.hyperparameters : {}),
      ...hyperparameters,
    },
    mode,
  });
  const started = performance.now();
  try {
    const running = runner.start({
      command: "train",
      container,
      baseDir: tree.baseDir,
      environment: tree.environment,
      ...(onLine === undefined ? {} : { onLine }),
    });
    const { exitCode, isStopped } = await waitWithSignals(running);
    return {
      exitCode,
      isStopped,
      durationMs: performance.now() - started,
      paths: tree.paths,
      baseDir: tree.baseDir,
      failure: tree.readFailure(),
    };
  } finally {
    await tree.close();
  }
};
