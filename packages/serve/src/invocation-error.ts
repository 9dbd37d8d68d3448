/** What an {@link InvocationError} carries beside status, code and message. */
export interface InvocationErrorOptions {
  /** The row of the request that is at fault, from 1. */
  readonly row?: number;
  /** The column of the request that is at fault, from 1. */
  readonly column?: number;
  readonly cause?: unknown;
}

/**
 * A request that cannot be answered, with the HTTP status and the JSON body that say so.
 *
 * The client reads `{"error": {"code", "message", "row", "column"}}`; SageMaker hands it on as a `ModelError`.
 *
 * @param status The HTTP status, 400 to 599.
 * @param code A stable identifier in UPPER_SNAKE.
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html
 * @example
 * throw new InvocationError(503, "GPU_BUSY", "all streams of the GPU are taken; try again");
 */
export class InvocationError extends Error {
  override readonly name: string = "InvocationError";
  readonly status: number;
  readonly code: string;
  readonly row?: number;
  readonly column?: number;

  constructor(
    status: number,
    code: string,
    message: string,
    { cause, ...place }: InvocationErrorOptions = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.status = status;
    this.code = code;
    Object.assign(this, place);
  }
}

/** Tells an {@link InvocationError} from a bug, also one that comes from another process or copy of this module. */
export const isInvocationError = (error: unknown): error is InvocationError =>
  error instanceof Error &&
  error.name === "InvocationError" &&
  typeof (error as Partial<InvocationError>).code === "string" &&
  isErrorStatus((error as Partial<InvocationError>).status);

const isErrorStatus = (status: number | undefined): boolean =>
  Number.isInteger(status) && Number(status) >= 400 && Number(status) <= 599;
