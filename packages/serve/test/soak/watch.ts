import { get, type IncomingMessage } from "node:http";
import { once } from "node:events";
import type { Traffic } from "./traffic.ts";

/** The contract gives a ping two seconds. */
const MAX_PING_MS = 2_000;

/** Asks GET /ping on a connection of its own, as a load balancer does. */
export const ping = async ({ url, tally }: Traffic): Promise<void> => {
  const startedMs = performance.now();
  const { status, body } = await getPage(new URL("ping", url)).catch((error: Error) => ({
    status: 0,
    body: error.message,
  }));
  const tookMs = performance.now() - startedMs;
  tally.slowestPingMs = Math.max(tally.slowestPingMs, tookMs);
  if (tookMs > MAX_PING_MS) tally.violate(`a ping took ${Math.round(tookMs)} ms`);
  if (status === 200) tally.count("ping: 200");
  else if (tally.hasKilledSince(startedMs) && body.includes("WORKER_DIED")) {
    tally.count("ping: 500 WORKER_DIED");
  } else tally.violate(`a ping was answered with ${status} ${body}`);
};

/** Asks for a page that people and scrapers ask for. */
export const readPage = async (
  { url, tally }: Traffic,
  path: string,
  expected: string,
): Promise<void> => {
  const startedMs = performance.now();
  const { status, body } = await getPage(new URL(path, url)).catch((error: Error) => ({
    status: 0,
    body: error.message,
  }));
  if (status === 200 && body.includes(expected)) tally.count("pages: right");
  else if (tally.hasKilledSince(startedMs)) tally.count("pages: lost at a kill");
  else tally.violate(`GET ${path} was answered with ${status} ${body.slice(0, 200)}`);
};

/** A page, on a connection of its own. */
export const getPage = async (url: URL): Promise<{ status: number; body: string }> => {
  const sent = get(url, { agent: false });
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  let body = "";
  for await (const piece of response) body += String(piece);
  return { status: response.statusCode ?? 0, body };
};
