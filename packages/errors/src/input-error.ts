/** Where in the user's data a problem lies; rows and columns count from 1, as editors and spreadsheets do. */
export interface InputLocation {
  /** The file as the user knows it: `training/iris.csv`. */
  readonly file?: string;
  /** The row, header and blank lines included, from 1. */
  readonly row?: number;
  /** The column, label column included, from 1. */
  readonly column?: number;
}

/** What an {@link InputError} carries beside its message. */
export interface InputErrorOptions extends InputLocation {
  readonly cause?: unknown;
}

/**
 * The user's data or settings are wrong, and the message says what was found, where, and what to do.
 *
 * In training its message alone goes into the failure file; in serving it becomes a 400 with the same code, row and
 * column. Anything else that is thrown is a bug of the container.
 *
 * @example
 * throw new InputError("CSV_NOT_A_NUMBER", 'expected a number, found "abc"', { file: "training/iris.csv", row: 3, column: 2 });
 */
export class InputError extends Error implements InputLocation {
  override readonly name: string = "InputError";
  /** A stable identifier in UPPER_SNAKE, listed with its remedy in the README of the package that throws it. */
  readonly code: string;
  readonly file?: string;
  readonly row?: number;
  readonly column?: number;

  constructor(code: string, problem: string, { cause, ...location }: InputErrorOptions = {}) {
    super(describeLocation(location) + problem, cause === undefined ? undefined : { cause });
    this.code = code;
    Object.assign(this, location);
  }
}

/** Tells an {@link InputError} from a bug, also one that comes from another process or copy of this module. */
export const isInputError = (error: unknown): error is InputError =>
  error instanceof Error &&
  error.name === "InputError" &&
  typeof (error as Partial<InputError>).code === "string";

/** `training/iris.csv, row 3, column 2: `, or as much of it as is known. */
const describeLocation = ({ file, row, column }: InputLocation): string => {
  const parts = [
    file,
    row === undefined ? undefined : `row ${row}`,
    column === undefined ? undefined : `column ${column}`,
  ];
  const known = parts.filter((part) => part !== undefined);
  return known.length === 0 ? "" : `${known.join(", ")}: `;
};
