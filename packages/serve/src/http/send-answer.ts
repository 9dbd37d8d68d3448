import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { log } from "@byoc/metrics";
import { type Answer, isWhole } from "../answer.ts";

/** Sends an answer that is whole in one piece. */
export const sendAnswer = (response: ServerResponse, { status, headers, body }: Answer): void => {
  if (!isWhole(body)) {
    void sendParts(response, { status, headers, body });
    return;
  }
  if (typeof body === "string") {
    const length = Buffer.byteLength(body);
    response.writeHead(status, { ...headers, "content-length": length });
    // Text of ASCII alone is written faster when Node is told.
    response.end(body, length === body.length ? "latin1" : "utf8");
  } else {
    response.writeHead(status, { ...headers, "content-length": body.byteLength });
    response.end(body);
  }
};

/** Sends each part as soon as it is there; a failure on the way cuts the connection, which tells the client. */
const sendParts = async (
  response: ServerResponse,
  { status, headers, body }: Omit<Answer, "body"> & { body: AsyncIterable<string | Uint8Array> },
): Promise<void> => {
  response.writeHead(status, headers);
  try {
    await pipeline(Readable.from(body, { objectMode: true, highWaterMark: 1 }), response);
  } catch (error) {
    const hasClientGone = (error as NodeJS.ErrnoException).code === "ERR_STREAM_PREMATURE_CLOSE";
    if (!hasClientGone) log.error(`a streamed answer was cut short: ${(error as Error).message}`);
    response.destroy();
  }
};
