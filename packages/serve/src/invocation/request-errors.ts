import { InvocationError } from "../invocation-error.ts";

/** The error for a body beyond the limit, known from its Content-Length or from counting. */
export const bodyTooLarge = (maxBytes: number): InvocationError =>
  new InvocationError(
    413,
    "BODY_TOO_LARGE",
    `the body is larger than the ${maxBytes} bytes that this container takes; ` +
      "send fewer rows at a time, or raise SAGEMAKER_MAX_PAYLOAD_IN_MB",
  );

/** The error for a body without a byte, or without a row. */
export const emptyBody = (): InvocationError =>
  new InvocationError(
    400,
    "BODY_EMPTY",
    "the body holds no row; send at least one row of features",
  );

/** The error that answers nobody: the client has gone. */
export const clientGone = (cause?: unknown): InvocationError =>
  new InvocationError(
    499,
    "CLIENT_CLOSED_REQUEST",
    "the client closed the connection before the answer",
    { cause },
  );

/** The error for a prediction that took too long. */
export const predictionTimeout = (timeoutMs: number): InvocationError =>
  new InvocationError(
    500,
    "PREDICTION_TIMEOUT",
    `the prediction did not end within ${timeoutMs / 1000} s; send fewer rows at a time, or raise SAGEMAKER_MODEL_SERVER_TIMEOUT`,
  );

/** The error for a request that comes while too many wait already. */
export const overloaded = (): InvocationError =>
  new InvocationError(
    503,
    "OVERLOADED",
    "too many requests are waiting for a prediction; try again in a second",
  );

/** The error for the requests that were in a worker when it died. */
export const workerDied = (): InvocationError =>
  new InvocationError(
    500,
    "WORKER_DIED",
    "the process that computed the prediction died; the log of the container says why",
  );

/** The error for requests that come while the container stops. */
export const shuttingDown = (): InvocationError =>
  new InvocationError(503, "SHUTTING_DOWN", "the container is stopping; try again elsewhere");
