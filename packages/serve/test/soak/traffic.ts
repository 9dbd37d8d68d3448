import { setTimeout as sleep } from "node:timers/promises";
import { findWrong, type Payload, pick, pickBelow } from "./payloads.ts";
import { formatChunk, formatHead, type RawAnswer, RawClient } from "./raw-client.ts";
import type { Send } from "./senders.ts";
import type { Tally } from "./tally.ts";

/** Where the requests go and what comes of them. */
export interface Traffic {
  readonly url: URL;
  readonly payloads: readonly Payload[];
  readonly tally: Tally;
}

const codeOf = ({ body }: RawAnswer): string | undefined => {
  try {
    return (JSON.parse(body) as { error?: { code?: string } }).error?.code;
  } catch {
    return undefined;
  }
};

/** The answer to so many rows is written in one piece. */
const MAX_SHORT_ROWS = 100;

/** Judges the answer to a valid request; `undefined` as answer is a connection that ended without one. */
const judge = (
  { tally }: Traffic,
  kind: string,
  payload: Payload,
  answer: RawAnswer | Error,
  { startedMs, isStream = false }: { startedMs: number; isStream?: boolean },
): void => {
  const wasKilled = tally.hasKilledSince(startedMs);
  if (answer instanceof Error) {
    const text = `${answer.message} ${String((answer.cause as Error | undefined)?.message ?? "")}`;
    // Only of an answer that was already on its way.
    const mayBeCut = isStream || payload.rows > MAX_SHORT_ROWS;
    if (wasKilled && mayBeCut && !text.startsWith("not ")) tally.count(`${kind}: cut at a kill`);
    else tally.violate(`${kind}: no answer: ${text}`);
  } else if (answer.status === 200) {
    const wrong = findWrong(payload, answer.headers["content-type"], answer.body);
    if (wrong === undefined) tally.count(`${kind}: right`);
    else tally.violate(`${kind}: ${wrong}`);
  } else if (wasKilled && answer.status === 500 && codeOf(answer) === "WORKER_DIED") {
    tally.count(`${kind}: 500 WORKER_DIED`);
  } else {
    tally.violate(`${kind}: ${answer.status} ${answer.body.slice(0, 200)}`);
  }
};

const toError = (error: unknown): Error =>
  error instanceof Error ? error : new Error(String(error));

const wishes = ["", "", "", "", "wait=50", "wait=300", "stream=1"];

/** One valid request in one of many forms: type, length or chunks, gzip, Accept, at once or later or streamed. */
export const sendValid = async (traffic: Traffic, send: Send): Promise<void> => {
  const payload = pick(traffic.payloads);
  const isGzip = pickBelow(6) === 0;
  const wish = pick(wishes);
  const headers: Record<string, string> = {
    "content-type": payload.contentType,
    ...(isGzip ? { "content-encoding": "gzip" } : {}),
    ...(pickBelow(4) === 0 ? { accept: pick(["text/csv", "application/json", "*/*"]) } : {}),
    ...(wish === "" ? {} : { "x-amzn-sagemaker-custom-attributes": wish }),
  };
  const body = isGzip ? payload.gzipped : payload.body;
  const startedMs = performance.now();
  const answer = await send({ headers, body, isChunked: pickBelow(4) === 0 }).catch(toError);
  judge(traffic, "valid", payload, answer, { startedMs, isStream: wish.startsWith("stream") });
};

/** A valid request whose bytes come in drops. */
export const sendSlowly = async (traffic: Traffic): Promise<void> => {
  const payload = pick(traffic.payloads.filter(({ rows }) => rows <= 29));
  const client = new RawClient(traffic.url);
  const startedMs = performance.now();
  const isChunked = pickBelow(2) === 0;
  const length = isChunked
    ? { "transfer-encoding": "chunked" }
    : { "content-length": payload.body.length };
  const drops = 10;
  try {
    for (const piece of [formatHead({ "content-type": payload.contentType, ...length })]) {
      client.write(piece.slice(0, 20));
      await sleep(100);
      client.write(piece.slice(20));
    }
    const dropBytes = Math.ceil(payload.body.length / drops);
    for (let at = 0; at < payload.body.length; at += dropBytes) {
      const drop = payload.body.subarray(at, at + dropBytes);
      client.write(isChunked ? formatChunk(drop) : drop);
      await sleep(pickBelow(200));
    }
    if (isChunked) client.write(formatChunk(Buffer.alloc(0)));
    judge(traffic, "slow sender", payload, await client.read().catch(toError), { startedMs });
  } finally {
    client.close();
  }
};

/** A valid request whose long answer is read in drops. */
export const readSlowly = async (traffic: Traffic): Promise<void> => {
  const payload = traffic.payloads.at(-1 - pickBelow(4))!;
  const client = new RawClient(traffic.url);
  const startedMs = performance.now();
  const wish = pick(["", "stream=1"]);
  client.write(
    formatHead({
      "content-type": payload.contentType,
      "content-length": payload.body.length,
      ...(wish === "" ? {} : { "x-amzn-sagemaker-custom-attributes": wish }),
    }),
  );
  client.write(payload.body);
  client.socket.on("data", () => {
    client.socket.pause();
    setTimeout(() => client.socket.resume(), 50);
  });
  judge(traffic, "slow reader", payload, await client.read().catch(toError), {
    startedMs,
    isStream: wish !== "",
  });
  client.close();
};

/** A request that its client gives up: while it is sent, while it waits, or while the answer comes. */
export const abort = async ({ url, payloads, tally }: Traffic): Promise<void> => {
  const { body, contentType } = pick(payloads);
  const client = new RawClient(url);
  const stage = pick(["sending", "waiting", "reading"]);
  const wish = pick(["wait=400", "stream=50"]);
  client.write(
    formatHead({
      "content-type": contentType,
      "content-length": body.length,
      ...(stage === "sending" ? {} : { "x-amzn-sagemaker-custom-attributes": wish }),
    }),
  );
  client.write(stage === "sending" ? body.subarray(0, pickBelow(body.length)) : body);
  await sleep(pickBelow(stage === "reading" ? 500 : 100));
  if (pickBelow(2) === 0) client.socket.resetAndDestroy();
  else client.close();
  tally.count(`aborted while ${stage}`);
};
