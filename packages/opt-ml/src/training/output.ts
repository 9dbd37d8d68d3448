/** A reader that has stalled is not waited for longer than this. */
const MOST_WAIT_MS = 5_000;

const OUTPUTS = (): readonly NodeJS.WriteStream[] => [process.stdout, process.stderr];

/** Lets the job go on when nobody reads its output any more; without, a closed pipe is an error that nobody catches. */
export const ignoreClosedOutput = (): void => {
  for (const stream of OUTPUTS()) stream.on("error", ignore);
};

/**
 * Ends the process when all that was written to stdout and stderr has left it: at once, if there is nothing to wait for.
 *
 * Node writes to a pipe in the background when its reader is slow, and `process.exit` alone loses what is still waiting.
 */
export const exitWhenWritten = (exitCode: number): Promise<never> => {
  const exit = (): never => process.exit(exitCode);
  let waiting = OUTPUTS().filter((stream) => stream.writableLength > 0).length;
  if (waiting === 0) exit();
  const countDown = (): void => {
    waiting -= 1;
    if (waiting === 0) exit();
  };
  for (const stream of OUTPUTS()) if (stream.writableLength > 0) stream.write("", countDown);
  setTimeout(exit, MOST_WAIT_MS);
  return new Promise<never>(() => {});
};

const ignore = (): void => {};
