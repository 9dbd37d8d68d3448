import { Command, CommanderError } from "commander";
import { CommandError } from "./command-error.ts";
import { defineDoctor } from "./doctor-command.ts";
import { definePredict } from "./predict-command.ts";
import { defineServe } from "./serve-command.ts";
import { remark } from "./terminal.ts";
import { defineTrain } from "./train-command.ts";

/**
 * Runs one command line of `byoc`.
 *
 * @param args What stands behind `byoc`; nothing at all asks for help.
 * @returns The exit code: 0 done, 1 failed, 2 wrong usage; of `train` and `serve`, the container's own.
 */
export const runCommandLine = async (args: readonly string[]): Promise<number> => {
  let exitCode = 0;
  const program = createProgram((code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(args.length === 0 ? ["--help"] : args, { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError)
      return reportUsage(
        error,
        program.commands.find((command) => command.name() === args[0]),
      );
    if (!(error instanceof CommandError)) throw error;
    remark(`byoc: ${error.message}`);
    return error.exitCode;
  }
};

const createProgram = (setExitCode: (code: number) => void): Command => {
  const program = new Command("byoc")
    .description(
      "Trains, serves and asks the containers of this repository as Amazon SageMaker would.",
    )
    .usage("<command> [options]")
    // Commander's own message has several lines; reportUsage writes it in one.
    .configureOutput({ outputError: () => {} })
    .exitOverride()
    .showSuggestionAfterError();
  defineTrain(program, setExitCode);
  defineServe(program, setExitCode);
  definePredict(program, setExitCode);
  defineDoctor(program, setExitCode);
  return program.addHelpText(
    "after",
    `
Examples:
  ./scripts/byoc train decision-tree --hyperparameter max_depth=3
  ./scripts/byoc serve decision-tree
  ./scripts/byoc predict datasets/iris/payload.csv
`,
  );
};

const reportUsage = (error: CommanderError, command: Command | undefined): number => {
  if (error.exitCode === 0) return 0;
  const message = error.message
    .replace(/^error: /, "")
    .replace(/\s*\(Did you mean (.*?)\?\)/s, (_, names: string) => `; did you mean ${names}?`)
    .replaceAll(/\s*\n\s*/g, " ");
  const help = command === undefined ? "--help" : `${command.name()} --help`;
  remark(`byoc: ${message} (usage: ./scripts/byoc ${help})`);
  return 2;
};
