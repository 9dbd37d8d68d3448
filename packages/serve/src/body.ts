import { InvocationError } from "./invocation-error.ts";

/** The bytes of a request's body as they arrive. */
export type Body = AsyncIterable<Uint8Array>;

/**
 * Hands on a body chunk by chunk, and stops at the first byte beyond the limit.
 *
 * @throws {InvocationError} `BODY_TOO_LARGE` (413), `BODY_EMPTY` (400), or `CLIENT_CLOSED_REQUEST` (499) when the
 * connection ends before the body does.
 */
export async function* limitBody(chunks: Body, maxBytes: number): AsyncGenerator<Uint8Array> {
  let received = 0;
  try {
    for await (const chunk of chunks) {
      received += chunk.byteLength;
      if (received > maxBytes) break;
      yield chunk;
    }
  } catch (cause) {
    throw clientGone(cause);
  }
  if (received > maxBytes) throw bodyTooLarge(maxBytes);
  if (received === 0) throw emptyBody();
}

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
