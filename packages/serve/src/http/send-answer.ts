import type { ServerResponse } from "node:http";
import { log } from "@byoc/metrics";
import { type Answer, isWhole } from "../answer.ts";

/** Sends an answer that is whole in one piece. */
export const sendAnswer = (response: ServerResponse, { status, headers, body }: Answer): void => {
  if (!isWhole(body)) {
    void sendParts(response, { status, headers, body });
    return;
  }
  const length = typeof body === "string" ? Buffer.byteLength(body) : body.byteLength;
  response.writeHead(status, toRawHeaders(headers, length));
  // Text of ASCII alone is written faster when Node is told.
  const isAscii = typeof body === "string" && length === body.length;
  response.end(body, isAscii ? "latin1" : "utf8");
};

/** Names and values in turn, the form that Node takes without another look. */
const toRawHeaders = (headers: Answer["headers"], length: number): string[] => {
  const raw = ["content-length", String(length)];
  for (const name in headers) raw.push(name, headers[name]!);
  return raw;
};

/** Sends each part as soon as it is there; a failure on the way cuts the connection, which tells the client. */
const sendParts = async (
  response: ServerResponse,
  { status, headers, body }: Omit<Answer, "body"> & { body: AsyncIterable<string | Uint8Array> },
): Promise<void> => {
  response.writeHead(status, headers);
  try {
    for await (const part of body) {
      if (response.destroyed) return;
      if (!response.write(part)) await waitForRoom(response);
    }
    response.end();
  } catch (error) {
    // A client that has gone is told nothing.
    if (response.destroyed) return;
    log.error(`a streamed answer was cut short: ${(error as Error).message}`);
    response.destroy();
  }
};

/** Resolves when the client has read, or has gone. */
const waitForRoom = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      response.off("drain", done).off("close", done);
      resolve();
    };
    response.on("drain", done).on("close", done);
  });
