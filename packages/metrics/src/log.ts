import { stripVTControlCharacters } from "node:util";
import { STDERR, STDOUT, writeLines } from "./output.ts";

/** What a container says in words: information on stdout, problems on stderr. */
export interface Log {
  /** Writes the text to stdout as it is. */
  readonly info: (text: string) => void;
  /** Writes `warning: …` to stderr: the job goes on, and the user may want to change something. */
  readonly warn: (text: string) => void;
  /** Writes `error: …` to stderr: the job or the request has failed. */
  readonly error: (text: string) => void;
}

/**
 * The console of a container; the text is written before the call returns.
 *
 * CloudWatch makes an event of each line. `warning: ` and `error: ` therefore stand before the first line only, and the
 * lines below it are indented by two: a filter on `error:` counts a stack once. All lines go out in one write, so that
 * nothing of this process comes between them. Colour codes are taken out, and one line break at the end is not written twice.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/logging-cloudwatch.html
 * @example
 * log.warn("channel test is empty"); // warning: channel test is empty
 */
export const log: Log = {
  info: (text) => writeLines(STDOUT, toLines(text).join("\n") + "\n"),
  warn: (text) => writeProblem("warning", text),
  error: (text) => writeProblem("error", text),
};

const writeProblem = (kind: "warning" | "error", text: string): void =>
  writeLines(STDERR, `${kind}: ${toLines(text).join("\n  ")}\n`);

const toLines = (text: string): string[] =>
  stripVTControlCharacters(text)
    .replace(/(?:\r\n|\r|\n)$/, "")
    .split(/\r\n|\r|\n/);
