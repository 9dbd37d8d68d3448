import { setTimeout as sleep } from "node:timers/promises";
import { pick, pickBelow } from "./payloads.ts";
import { formatChunk, formatHead, type RawAnswer, RawClient } from "./raw-client.ts";
import type { Traffic } from "./traffic.ts";

/** A request that must be refused, and how. */
interface Fault {
  readonly line?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
  readonly status: number;
  readonly code: string;
}

const CSV = { "content-type": "text/csv" };
const JSON_TYPE = { "content-type": "application/json" };

const FAULTS: readonly Fault[] = [
  { headers: CSV, body: "1,2,3,4\n1,x,3,4\n", status: 400, code: "CSV_NOT_A_NUMBER" },
  { headers: CSV, body: "1,2,3\n", status: 400, code: "CSV_COLUMNS" },
  { headers: CSV, body: "", status: 400, code: "BODY_EMPTY" },
  { headers: JSON_TYPE, body: '{"instances":[[1,2,3,4]', status: 400, code: "JSON_MALFORMED" },
  {
    headers: { "content-type": "text/plain" },
    body: "1",
    status: 415,
    code: "UNSUPPORTED_CONTENT_TYPE",
  },
  {
    headers: { ...CSV, "content-encoding": "br" },
    body: "1",
    status: 415,
    code: "UNSUPPORTED_CONTENT_ENCODING",
  },
  {
    headers: { ...CSV, "content-encoding": "gzip" },
    body: "1,2,3,4",
    status: 400,
    code: "BODY_NOT_GZIP",
  },
  {
    headers: { ...CSV, accept: "image/png" },
    body: "1,2,3,4",
    status: 406,
    code: "NOT_ACCEPTABLE",
  },
  { line: "PUT /invocations", body: "1", status: 405, code: "METHOD_NOT_ALLOWED" },
  { line: "POST /ping", body: "1", status: 405, code: "METHOD_NOT_ALLOWED" },
  { line: "POST /nothing", body: "1", status: 404, code: "NOT_FOUND" },
];

/** Sends something wrong on a connection of its own, and then something right on the same one. */
export const sendFaulty = async (traffic: Traffic): Promise<void> => {
  const fault = pick(FAULTS);
  const headers = { ...fault.headers, "content-length": fault.body.length };
  await expectRefusal(traffic, fault, (client) => {
    client.write(formatHead(headers, fault.line));
    client.write(fault.body);
  });
};

/** Sends more than is taken, with a length or without; the answer has to come before the end of the body. */
export const sendOversized = async (traffic: Traffic, bytes: number): Promise<void> => {
  const isChunked = pickBelow(2) === 0;
  const length = isChunked ? { "transfer-encoding": "chunked" } : { "content-length": bytes };
  const piece = Buffer.from("1,2,3,4\n".repeat(8192));
  await expectRefusal(traffic, { status: 413, code: "BODY_TOO_LARGE" }, (client) => {
    client.write(formatHead({ ...CSV, ...length }));
    for (let sent = 0; sent < bytes; sent += piece.length) {
      const next = piece.subarray(0, bytes - sent);
      client.write(isChunked ? formatChunk(next) : next);
    }
    if (isChunked) client.write(formatChunk(Buffer.alloc(0)));
  });
};

const GARBAGE = ["\0\u0001\u0002\r\n\r\n", "GET\r\n\r\n", "HELLO soak\r\nhost soak\r\n\r\n"];

/** Sends what is no HTTP, and leaves the closing to the server. */
export const sendGarbage = async ({ url, tally }: Traffic): Promise<void> => {
  const client = new RawClient(url);
  const startedMs = performance.now();
  client.write(pick(GARBAGE));
  const answer = await client.read().catch(() => undefined);
  if (answer?.status === 400) tally.count("garbage: 400");
  else if (tally.hasKilledSince(startedMs)) tally.count("garbage: at a kill");
  else tally.violate(`garbage was answered with ${answer?.status}`);
  await sleep(1_000);
  client.close();
};

const expectRefusal = async (
  { url, tally }: Traffic,
  { status, code }: Pick<Fault, "status" | "code">,
  write: (client: RawClient) => void,
): Promise<void> => {
  const client = new RawClient(url);
  const startedMs = performance.now();
  try {
    write(client);
    const answer = await client.read();
    if (answer.status === status && answer.body.includes(`"code":"${code}"`)) {
      tally.count(`refused: ${status}`);
      await expectRight(client);
      tally.count("after a refusal: right");
    } else if (tally.hasKilledSince(startedMs) && answer.body.includes("WORKER_DIED")) {
      tally.count("refused: 500 WORKER_DIED");
    } else {
      tally.violate(
        `expected ${status} ${code}, found ${answer.status} ${answer.body.slice(0, 200)}`,
      );
    }
  } catch (error) {
    const { message } = error as Error;
    const wasKilled = tally.hasKilledSince(startedMs);
    // Pages of unknown length are written as they come.
    if (wasKilled && message.includes("WORKER_DIED")) tally.count("refused: 500 WORKER_DIED");
    else if (wasKilled) tally.count("refused: cut at a kill");
    else tally.violate(`expected ${status} ${code}, found ${(error as Error).message}`);
  } finally {
    client.close();
  }
};

const expectRight = async (client: RawClient): Promise<RawAnswer> => {
  client.write(`${formatHead({ ...CSV, "content-length": 8 })}4,0,0,0\n`);
  const answer = await client.read();
  if (answer.body === "13\n") return answer;
  throw new Error(`after a refusal: ${answer.status} ${answer.body.slice(0, 200)}`);
};
