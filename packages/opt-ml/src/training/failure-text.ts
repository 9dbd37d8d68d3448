import { inspect } from "node:util";
import { isInputError } from "@byoc/errors";

/**
 * SageMaker shows this many characters of the failure file as the job's FailureReason.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo-output.html
 */
export const MAX_FAILURE_CHARACTERS = 1024;

/**
 * The text of the failure file for an error: an InputError's message alone; for anything else, which is a bug, name and
 * message of it and of each cause, then the stack.
 */
export const describeFailure = (error: unknown): string => {
  if (isInputError(error)) return error.message;
  const chain = listCauses(error);
  // Each message gets its share, so that a long one does not push the cause out of the characters that are shown.
  const share = Math.floor(MAX_FAILURE_CHARACTERS / chain.length) - CAUSED_BY.length;
  const messages = chain.map((cause) => cutText(describeError(cause), share));
  return [messages.join(CAUSED_BY), ...listFrames(error)].join("\n");
};

/** The first 1,024 characters (UTF-16 units) of a text, cut between characters and marked with `…`. */
export const cutFailure = (text: string): string => cutText(text.trim(), MAX_FAILURE_CHARACTERS);

const CAUSED_BY = "\ncaused by: ";

const cutText = (text: string, length: number): string => {
  if (text.length <= length) return text;
  const cut = text.slice(0, length - 1);
  const endsInsidePair = /[\uD800-\uDBFF]$/u.test(cut);
  return `${endsInsidePair ? cut.slice(0, -1) : cut}…`;
};

const MOST_CAUSES = 8;

/** The error and its causes, of a long chain the first ones and the root. */
const listCauses = (error: unknown): readonly unknown[] => {
  const chain: unknown[] = [error];
  for (let cause = findCause(error); cause !== undefined; cause = findCause(cause)) {
    if (chain.includes(cause)) break;
    chain.push(cause);
  }
  return chain.length > MOST_CAUSES
    ? [...chain.slice(0, MOST_CAUSES - 1), ...chain.slice(-1)]
    : chain;
};

/** An error of many, such as that of a connection tried over several addresses, has its first as cause. */
const findCause = (error: unknown): unknown => {
  if (!(error instanceof Error)) return undefined;
  return error.cause ?? (error instanceof AggregateError ? error.errors[0] : undefined);
};

const describeError = (error: unknown): string => {
  if (!(error instanceof Error)) {
    return `the algorithm threw ${typeof error === "string" ? error : inspect(error)}`;
  }
  const hint = findHint(error);
  return `${error.name}: ${error.message}${hint === undefined ? "" : ` (${hint})`}`;
};

/** What to do about errors that the machine raises, and not the code. */
const HINTS: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full: give the job a larger VolumeSizeInGB, or write less",
  EDQUOT: "the disk quota is used up",
  EROFS: "the file system is read-only; write to the folders that the job names, or to /tmp",
  EACCES: "SageMaker runs containers as root: remove USER from the Dockerfile",
  EMFILE: "too many open files",
};

const findHint = (error: Error): string | undefined => {
  if (error instanceof RangeError && /allocation failed/iu.test(error.message)) {
    return "out of memory: use an instance with more of it, or less data";
  }
  const code = (error as NodeJS.ErrnoException).code;
  return code === undefined ? undefined : HINTS[code];
};

/** The lines of the stack that name functions; libraries may put anything in its place. */
const listFrames = (error: unknown): readonly string[] => {
  const stack = error instanceof Error ? error.stack : undefined;
  return typeof stack === "string" ? stack.split("\n").filter((line) => /^\s+at /u.test(line)) : [];
};
