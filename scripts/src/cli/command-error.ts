/** A command cannot do what was asked, and the message says why: one line for wrong usage, no stack. */
export class CommandError extends Error {
  override readonly name: string = "CommandError";
  /** 1: it failed; 2: it was asked for wrongly. */
  readonly exitCode: 1 | 2;

  constructor(
    message: string,
    { exitCode = 1, cause }: { exitCode?: 1 | 2; cause?: unknown } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.exitCode = exitCode;
  }
}

/** A {@link CommandError} for wrong usage: exit code 2. */
export const usageError = (message: string): CommandError =>
  new CommandError(message, { exitCode: 2 });
