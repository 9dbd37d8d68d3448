import { inspect } from "node:util";
import { isInputError } from "@byoc/errors";
import { log } from "@byoc/metrics";
import { isInvocationError } from "./invocation-error.ts";

/** What goes back to a client, whatever carries it. */
export interface Answer {
  readonly status: number;
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** All of it, or its parts as they come: each is sent at once. */
  readonly body: string | Uint8Array<ArrayBuffer> | AsyncIterable<string | Uint8Array>;
}

/** The answer to a request that cannot be served: JSON. */
export interface ErrorAnswer extends Answer {
  readonly body: string;
}

/** What every error says; rows and columns count from 1. */
export interface ErrorBody {
  readonly code: string;
  readonly message: string;
  readonly row?: number | undefined;
  readonly column?: number | undefined;
}

/** The one shape of an error on every route: `{"error": {"code": "…", "message": "…", "row": 3, "column": 2}}`. */
export const toErrorAnswer = (
  status: number,
  { code, message, row, column }: ErrorBody,
  headers: Readonly<Record<string, string>> = {},
): ErrorAnswer => ({
  status,
  headers: { ...headers, "content-type": "application/json" },
  body: JSON.stringify({ error: { code, message, row, column } }),
});

/** An answer as the standard response, which Hono and `fetch` handlers give. */
export const toResponse = ({ status, headers, body }: Answer): Response =>
  new Response(isWhole(body) ? body : ReadableStream.from(encodeText(body)), { status, headers });

/** Tells a body that is there from one that comes in parts. */
export const isWhole = (body: Answer["body"]): body is string | Uint8Array<ArrayBuffer> =>
  typeof body === "string" || body instanceof Uint8Array;

const encodeText = async function* (
  parts: AsyncIterable<string | Uint8Array>,
): AsyncGenerator<Uint8Array> {
  for await (const part of parts) yield typeof part === "string" ? Buffer.from(part) : part;
};

/** A container that cannot answer now may be able to in a second. */
const RETRY_AFTER: Readonly<Record<string, string>> = { "retry-after": "1" };

/**
 * The answer to whatever was thrown: 400 for an `InputError`, its own status for an `InvocationError`, and for a bug a
 * 500 that tells the client nothing, with the stack on stderr.
 */
export const answerError = (error: unknown): ErrorAnswer => {
  if (isInputError(error)) return toErrorAnswer(400, error);
  if (isInvocationError(error)) {
    return toErrorAnswer(error.status, error, error.status === 503 ? RETRY_AFTER : {});
  }
  log.error(inspect(error));
  return toErrorAnswer(500, {
    code: "INTERNAL_ERROR",
    message: "the container failed on this request; its log says why",
  });
};
