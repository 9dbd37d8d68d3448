import { isInputError } from "@byoc/errors";
import { createPaths } from "./paths.ts";
import { exitWhenWritten } from "./training/output.ts";
import { superviseTraining } from "./training/supervisor.ts";
import { isSupervised } from "./training/supervisor-link.ts";

/** What a container does for each of SageMaker's two commands. */
export interface Commands {
  /** Trains a model from `/opt/ml/input` into `/opt/ml/model`. */
  train(): Promise<void>;
  /**
   * Serves the model until the container is told to stop.
   *
   * @param modelDir `/opt/ml/model`, to be read only.
   */
  serve(modelDir: string): Promise<void>;
}

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

/**
 * Runs a container's main program: `node main.ts train` or `node main.ts serve`, as `docker run <image> train` does.
 *
 * `train` runs in a process of its own under the eyes of this one. Exit codes: 0 done, 1 failed, 2 any other argument,
 * 143 stopped with nothing saved.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo-dockerfile.html
 */
export const runCommand = async (
  commands: Commands,
  [command, ...rest]: readonly string[] = process.argv.slice(2),
): Promise<void> => {
  if (rest.length > 0 || (command !== "train" && command !== "serve")) {
    process.stderr.write(`usage: ${process.argv[1] ?? "main.ts"} train|serve\n`);
    process.exitCode = EXIT_USAGE;
  } else if (command === "serve") {
    await serve(commands);
  } else if (isSupervised()) {
    await commands.train();
  } else {
    await exitWhenWritten(await superviseTraining());
  }
};

const serve = async (commands: Commands): Promise<void> => {
  try {
    await commands.serve(createPaths().modelDir);
  } catch (error) {
    if (!isInputError(error)) throw error;
    process.stderr.write(`error: ${error.message}\n`);
    process.exitCode = EXIT_FAILED;
  }
};
