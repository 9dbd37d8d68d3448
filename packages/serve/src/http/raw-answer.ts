import type { ErrorAnswer } from "../answer.ts";

/** Reason phrases of the statuses that are sent so; Node has them all, behind its whole HTTP library. */
const REASONS: Readonly<Record<number, string>> = {
  400: "Bad Request",
  408: "Request Timeout",
  431: "Request Header Fields Too Large",
  500: "Internal Server Error",
  503: "Service Unavailable",
};

/** A whole answer as bytes of HTTP/1.1, for a connection that is closed after it and has no response object. */
export const formatRawAnswer = ({ status, headers, body }: ErrorAnswer): string => {
  const all = { ...headers, connection: "close", "content-length": Buffer.byteLength(body) };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${REASONS[status] ?? "Error"}\r\n${lines.join("")}\r\n${body}`;
};
