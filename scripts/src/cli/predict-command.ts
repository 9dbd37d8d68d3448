import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import type { Command } from "commander";
import { guessContentType, knownEndings } from "../content-type.ts";
import { describeFailure, sendInvocation } from "../send-request.ts";
import { CommandError, usageError } from "./command-error.ts";
import { parsePort } from "./options.ts";
import { DEFAULT_PORT } from "./serve-command.ts";

interface PredictOptions {
  readonly contentType?: string;
  readonly accept: string;
  readonly customAttributes?: string;
  readonly host: string;
  readonly port: number;
}

/** Adds `byoc predict`. */
export const definePredict = (program: Command, setExitCode: (code: number) => void): void => {
  program
    .command("predict")
    .description("send a file to the server that `byoc serve` started, and print the answer")
    .argument("<payload>", "the request's body: a file, or - for stdin")
    .option(
      "--content-type <type>",
      "what the body is; told from the file's ending (stdin: text/csv)",
    )
    .option("--accept <type>", "what the answer shall be", "*/*")
    .option("--custom-attributes <text>", "the header X-Amzn-SageMaker-Custom-Attributes")
    .option("--port <port>", "the port of the server", parsePort, DEFAULT_PORT)
    .option("--host <address>", "the address of the server", "127.0.0.1")
    .addHelpText(
      "after",
      "\nThe answer's body goes to stdout as it came; an error goes to stderr, exit code 1.\n",
    )
    .action(async (payload: string, options: PredictOptions) => {
      const contentType = options.contentType ?? guessContentType(payload);
      if (contentType === undefined) {
        throw usageError(
          `the ending of ${payload} tells no content type; give --content-type (known: ${knownEndings.join(" ")})`,
        );
      }
      const answer = await sendInvocation({
        url: `http://${options.host}:${options.port}`,
        body: await readPayload(payload),
        contentType,
        accept: options.accept,
        ...(options.customAttributes === undefined
          ? {}
          : { customAttributes: options.customAttributes }),
      });
      if (answer.status >= 300) throw new CommandError(describeFailure(answer));
      process.stdout.write(answer.body);
      setExitCode(0);
    });
};

const readPayload = async (path: string): Promise<Buffer> => {
  if (path === "-") return buffer(process.stdin);
  try {
    return await readFile(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw usageError(
      code === "ENOENT" ? `there is no file ${path}` : `cannot read ${path}: ${message}`,
    );
  }
};
