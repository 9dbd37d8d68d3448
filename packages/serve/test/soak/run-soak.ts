import { setTimeout as sleep } from "node:timers/promises";
import { ServerProcess } from "../server-process.ts";
import { sendFaulty, sendGarbage, sendOversized } from "./faulty.ts";
import { stopInFlight } from "./final-stop.ts";
import { createPayloads, pick, pickBelow } from "./payloads.ts";
import { countFiles } from "./process-usage.ts";
import { type Samples, startSampling } from "./samples.ts";
import { sendByAgent, sendByFetch, sendBySocket } from "./senders.ts";
import { Tally } from "./tally.ts";
import { abort, readSlowly, sendSlowly, sendValid, type Traffic } from "./traffic.ts";
import { getPage, ping, readPage } from "./watch.ts";

/** What a soak is to be. */
export interface SoakOptions {
  readonly seconds: number;
  readonly cost: "short" | "long";
  readonly workers: number;
}

/** What a soak found. */
export interface SoakReport {
  readonly tally: Tally;
  readonly samples: Samples;
  readonly exitCode: number | string | null;
  readonly stopMs: number;
}

const MAX_ROWS = 30_000;
const MAX_BODY_MB = 2;
const OVERSIZED_BYTES = 3 * 1024 * 1024;
/** What a server may have open without a connection more than at its start: modules that it has loaded since. */
const EXTRA_FILES = 4;

/** Sends everything that clients do to a server for a time, kills its workers, stops it, and judges each answer. */
export const runSoak = async ({ seconds, cost, workers }: SoakOptions): Promise<SoakReport> => {
  const server = new ServerProcess("serve-linear.ts", {
    FIXTURE_COST: cost,
    SAGEMAKER_MODEL_SERVER_WORKERS: String(workers),
    SAGEMAKER_MAX_PAYLOAD_IN_MB: String(MAX_BODY_MB),
  });
  try {
    const url = new URL(await server.readyUrl());
    const traffic = { url, payloads: createPayloads(MAX_ROWS), tally: new Tally() };
    await waitForWorkers(traffic, workers);
    const filesBefore = countFiles(server.child.pid ?? 0);
    const sampling = startSampling(server);
    await sendTraffic(traffic, server, seconds * 1000);
    const samples = sampling.stop();
    await checkAfter(traffic, server, workers, filesBefore);
    const stop = await stopInFlight(traffic, server);
    checkLog(traffic, server);
    return { tally: traffic.tally, samples, ...stop };
  } catch (error) {
    throw new Error(`the server said:\n${server.stderr}`, { cause: error });
  } finally {
    server.child.kill("SIGKILL");
  }
};

const sendTraffic = async (
  traffic: Traffic,
  server: ServerProcess,
  forMs: number,
): Promise<void> => {
  const endMs = performance.now() + forMs;
  const repeat = async (pauseMs: number, act: () => Promise<void>): Promise<void> => {
    while (performance.now() < endMs) {
      await act();
      await sleep(pauseMs);
    }
  };
  const agent = sendByAgent(traffic.url);
  const sockets = [sendBySocket(traffic.url), sendBySocket(traffic.url)];
  const senders = [
    sendByFetch(traffic.url),
    sendByFetch(traffic.url),
    agent.send,
    agent.send,
    ...sockets.map(({ send }) => send),
  ];
  const pages = { metrics: "byoc_requests_total", "": "columns", "openapi.json": "openapi" };
  await Promise.all([
    ...senders.map((send) => repeat(5, () => sendValid(traffic, send))),
    repeat(20, () => sendFaulty(traffic)),
    repeat(200, () => sendOversized(traffic, OVERSIZED_BYTES)),
    repeat(100, () => sendGarbage(traffic)),
    repeat(20, () => abort(traffic)),
    repeat(20, () => abort(traffic)),
    repeat(20, () => sendSlowly(traffic)),
    repeat(20, () => sendSlowly(traffic)),
    repeat(100, () => readSlowly(traffic)),
    repeat(50, () => ping(traffic)),
    repeat(1_000, () => readPage(traffic, ...pick(Object.entries(pages)))),
    killWorkers(traffic, server, endMs),
  ]);
  agent.close();
  for (const { close } of sockets) close();
};

/** In the first quarter any worker, then any but the oldest: what that one holds is compared over time. */
const killWorkers = async (
  { tally }: Traffic,
  server: ServerProcess,
  endMs: number,
): Promise<void> => {
  const startedMs = performance.now();
  const quarterMs = (endMs - startedMs) / 4;
  for (;;) {
    await sleep(5_500 + pickBelow(3_000));
    if (performance.now() > endMs - 3_000) return;
    const isEarly = performance.now() - startedMs < quarterMs - 3_000;
    const ids = server
      .workerIds()
      .toSorted((a, b) => a - b)
      .slice(isEarly ? 0 : 1);
    if (ids.length === 0) continue;
    tally.killsMs.push(performance.now());
    process.kill(pick(ids), "SIGKILL");
  }
};

/** The workers after the first are started when it is ready. */
const waitForWorkers = async ({ url }: Traffic, workers: number): Promise<void> => {
  while (!(await getPage(new URL("metrics", url))).body.includes(`byoc_workers ${workers}\n`))
    await sleep(100);
  await sleep(1_000);
};

/** All clients have gone: nothing of them may be left. */
const checkAfter = async (
  { url, tally }: Traffic,
  server: ServerProcess,
  workers: number,
  filesBefore: number,
): Promise<void> => {
  const id = server.child.pid ?? 0;
  const mostFiles = filesBefore + EXTRA_FILES;
  // The connections of fetch stay open for a few seconds.
  for (let tries = 0; tries < 100 && countFiles(id) > mostFiles; tries++) await sleep(100);
  if (countFiles(id) > mostFiles)
    tally.violate(`${countFiles(id)} files are open, ${filesBefore} before`);
  if (server.workerIds().length !== workers) tally.violate(`${server.workerIds().length} workers`);
  const { body } = await getPage(new URL("metrics", url));
  const restarts = Number(/^byoc_worker_restarts_total (\d+)$/m.exec(body)?.[1]);
  if (restarts !== tally.killsMs.length)
    tally.violate(`${restarts} restarts of ${tally.killsMs.length} kills`);
};

const EXPECTED_LINES = [
  /^warning: a worker ended with SIGKILL; it is replaced$/,
  /^error: a streamed answer was cut short: the process that computed the prediction died/,
];

/** Whatever else the server says on stderr is a fault. */
const checkLog = ({ tally }: Traffic, { stderr }: ServerProcess): void => {
  for (const line of stderr.split("\n")) {
    if (line === "" || EXPECTED_LINES.some((pattern) => pattern.test(line))) continue;
    tally.violate(`stderr: ${line}`);
  }
};
