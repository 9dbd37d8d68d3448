import { Agent, request } from "node:http";
import { setImmediate as giveWay } from "node:timers/promises";
import { formatChunk, formatHead, RawClient, type RawAnswer } from "./raw-client.ts";

/** A request for predictions, however it is carried. */
export interface Sending {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Without a length, in pieces. */
  readonly isChunked: boolean;
}

/** Sends one request and gives its answer; throws when the connection ends before. */
export type Send = (sending: Sending) => Promise<RawAnswer>;

const PIECE_BYTES = 10_000;

/** The body in pieces. */
export function* cut(body: Buffer): Generator<Buffer> {
  for (let at = 0; at < body.length; at += PIECE_BYTES) yield body.subarray(at, at + PIECE_BYTES);
}

/** Node's own fetch, which keeps connections and never sends a POST again by itself. */
export const sendByFetch =
  (url: URL): Send =>
  async ({ headers, body, isChunked }) => {
    const stream = () =>
      new ReadableStream({
        async start(controller) {
          for (const piece of cut(body)) {
            controller.enqueue(new Uint8Array(piece));
            await giveWay();
          }
          controller.close();
        },
      });
    const init = isChunked
      ? { body: stream(), duplex: "half" as const }
      : { body: new Uint8Array(body) };
    const response = await fetch(new URL("invocations", url), { method: "POST", headers, ...init });
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: await response.text(),
    };
  };

/** `node:http` with an agent that keeps its connections. */
export const sendByAgent = (url: URL): { send: Send; close(): void } => {
  const agent = new Agent({ keepAlive: true, maxSockets: 2 });
  const send: Send = ({ headers, body, isChunked }) =>
    new Promise((resolve, reject) => {
      const length = isChunked ? {} : { "content-length": body.length };
      const options = { method: "POST", agent, headers: { ...headers, ...length } };
      const sent = request(new URL("invocations", url), options, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (piece: string) => (text += piece));
        response.on("error", reject);
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers as Record<string, string>,
            body: text,
          }),
        );
      });
      sent.on("error", reject);
      for (const piece of cut(body)) sent.write(piece);
      sent.end();
    });
  return { send, close: () => agent.destroy() };
};

/** A socket of its own, kept for the next request unless the server says otherwise. */
export const sendBySocket = (url: URL): { send: Send; close(): void } => {
  let client: RawClient | undefined;
  const send: Send = async ({ headers, body, isChunked }) => {
    if (client === undefined || client.socket.destroyed) client = new RawClient(url);
    try {
      if (isChunked) {
        client.write(formatHead({ ...headers, "transfer-encoding": "chunked" }));
        for (const piece of cut(body)) client.write(formatChunk(piece));
        client.write(formatChunk(Buffer.alloc(0)));
      } else {
        client.write(formatHead({ ...headers, "content-length": body.length }));
        client.write(body);
      }
      const answer = await client.read();
      if (answer.headers["connection"] === "close") client.close();
      return answer;
    } catch (error) {
      client.close();
      throw error;
    }
  };
  return { send, close: () => client?.close() };
};
