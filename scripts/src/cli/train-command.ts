import { type Command, Option } from "commander";
import { loadContainer } from "../container.ts";
import { showPath } from "../repository.ts";
import { describeResult, hasModel } from "../report-training.ts";
import { trainLocally, type InputMode, type TrainingResult } from "../train-locally.ts";
import {
  collectNamedValue,
  readHyperparameterFile,
  resolveChannels,
  type NamedValues,
} from "./options.ts";
import { chooseRunner } from "./choose-runner.ts";
import { bold, remark, say, showDuration } from "./terminal.ts";

interface TrainOptions {
  readonly channel?: NamedValues;
  readonly hyperparameter?: NamedValues;
  readonly hyperparameters?: string;
  readonly mode: InputMode;
  readonly image?: string;
}

/** Adds `byoc train`. */
export const defineTrain = (program: Command, setExitCode: (code: number) => void): void => {
  program
    .command("train")
    .description("train a container on this machine, in an /opt/ml tree like SageMaker's")
    .argument("<container>", "a folder of containers/, such as decision-tree")
    .option("--channel <name=path>", "a channel's file or folder; repeatable", collectNamedValue)
    .option("--hyperparameter <name=value>", "a hyperparameter; repeatable", collectNamedValue)
    .option("--hyperparameters <file.json>", "hyperparameters from a JSON object")
    .addOption(
      new Option("--mode <mode>", "how the channels arrive")
        .choices(["File", "FastFile", "Pipe"])
        .default("File"),
    )
    .addOption(new Option("--image <name>").hideHelp())
    .addHelpText(
      "after",
      `
Without --channel, the data and hyperparameters that the container names in its package.json.
The tree stays in .byoc/<container>/ml; model/ and output/ are emptied before each run.
Exit code: the container's own (0 trained, 1 failed, 143 stopped with nothing to save), 2 for wrong usage.
`,
    )
    .action(async (name: string, options: TrainOptions) => {
      const container = await loadContainer(name);
      const runner = chooseRunner(options.image);
      const fromFile =
        options.hyperparameters === undefined
          ? {}
          : await readHyperparameterFile(options.hyperparameters);
      const result = await trainLocally({
        container,
        hyperparameters: { ...fromFile, ...options.hyperparameter },
        mode: options.mode,
        runner,
        ...(options.channel === undefined
          ? {}
          : { channels: await resolveChannels(options.channel) }),
      });
      await reportTraining(name, result);
      setExitCode(result.exitCode);
    });
};

const reportTraining = async (name: string, result: TrainingResult): Promise<void> => {
  const { exitCode, durationMs, paths, baseDir, failure, isStopped } = result;
  const isTrained = await hasModel(result);
  if (exitCode === 0 && isTrained) {
    const [first, ...folders] = await describeResult(result);
    const done = isStopped ? "Stopped" : "Trained";
    say(`\n${bold(`${done} ${name} in ${showDuration(durationMs)}.`)} ${first}`);
    for (const line of folders) say(line);
    say(`Next: ./scripts/byoc serve ${name}`);
    return;
  }
  const ending = isStopped ? "was stopped" : exitCode === 0 ? "left no model" : "failed";
  remark(`\nbyoc: training ${name} ${ending} (exit code ${exitCode}); see ${showPath(baseDir)}`);
  if (failure !== undefined) remark(`${showPath(paths.failureFile)}:\n${failure.trimEnd()}`);
};
