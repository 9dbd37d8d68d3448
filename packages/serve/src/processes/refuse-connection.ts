import type { Socket } from "node:net";
import { answerError } from "../answer.ts";
import { formatRawAnswer } from "../http/raw-answer.ts";
import type { InvocationError } from "../invocation-error.ts";

const END_OF_HEADERS = "\r\n\r\n";
const MAX_HEADER_BYTES = 16 * 1024;
/** Clients that do not send a whole request by then are cut. */
const REQUEST_TIMEOUT_MS = 10_000;
/** How long what a client still sends is read and dropped, so that it reads its answer before it sees the end. */
const LINGER_MS = 1_000;

/**
 * Answers the first request of a connection with an error, whatever it asks, and closes.
 *
 * For the process that has no HTTP of its own: it starts sooner and stays smaller without.
 */
export const refuseConnection = (socket: Socket, getError: () => InvocationError): void => {
  let head = "";
  const timer = setTimeout(() => socket.destroy(), REQUEST_TIMEOUT_MS);
  socket.once("close", () => clearTimeout(timer));
  socket.on("error", () => socket.destroy());
  const onData = (chunk: Buffer): void => {
    head += chunk.toString("latin1");
    if (!head.includes(END_OF_HEADERS) && head.length < MAX_HEADER_BYTES) return;
    socket.off("data", onData);
    endWithError(socket, getError());
  };
  socket.on("data", onData);
  socket.resume();
};

/** Writes an error as the last answer of a connection, and closes it once the client has had time to read it. */
export const endWithError = (socket: Socket, error: InvocationError): void => {
  socket.end(formatRawAnswer(answerError(error)));
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once("close", () => clearTimeout(timer));
  socket.resume();
};
