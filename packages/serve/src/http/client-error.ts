import type { Duplex } from "node:stream";
import { type ErrorAnswer, toErrorAnswer } from "../answer.ts";
import { formatRawAnswer } from "./raw-answer.ts";

/** The answer to a request line or a Host header that cannot be read. */
export const MALFORMED_REQUEST: ErrorAnswer = toErrorAnswer(400, {
  code: "MALFORMED_REQUEST",
  message: "this is not an HTTP request that can be read",
});

const HEADERS_TOO_LARGE: ErrorAnswer = toErrorAnswer(431, {
  code: "HEADERS_TOO_LARGE",
  message: "the headers of the request are larger than 16 KB",
});

const REQUEST_TIMEOUT: ErrorAnswer = toErrorAnswer(408, {
  code: "REQUEST_TIMEOUT",
  message: "the request did not arrive in time",
});

/** The time that a client has to read its answer and to close, before it is cut. */
const LINGER_MS = 1_000;

/**
 * Answers what never became a request; Node itself would answer without a body.
 *
 * @param isAnswering Whether a request of this connection has yet to be answered in full: a client would take this for
 * its answer, or for a part of it.
 */
export const answerClientError = (
  error: NodeJS.ErrnoException,
  socket: Duplex,
  isAnswering: boolean,
): void => {
  if (error.code === "ECONNRESET" || !socket.writable || isAnswering) {
    socket.destroy();
    return;
  }
  socket.end(formatRawAnswer(toClientErrorAnswer(error.code)));
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once("close", () => clearTimeout(timer));
};

const toClientErrorAnswer = (code: string | undefined): ErrorAnswer => {
  if (code === "HPE_HEADER_OVERFLOW") return HEADERS_TOO_LARGE;
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") return REQUEST_TIMEOUT;
  return MALFORMED_REQUEST;
};
