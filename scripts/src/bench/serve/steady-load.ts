/**
 * Sends requests at a fixed rate whatever becomes of them, and measures each from the time that it was due.
 *
 *     node steady-load.ts '{"port":8080,"path":"/invocations","contentType":"text/csv","file":"row.csv",…}'
 *
 * Raw sockets and a few comparisons per answer: the generator uses a few microseconds per request, and it spins between
 * requests when it has a core of its own, so that no timer's granularity gets into the figures. What it was late by is
 * part of each latency, and is told.
 */
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { type Connection, createPool } from "./steady-connections.ts";
import { quantile } from "./statistics.ts";

/** What the generator is asked for. */
export interface SteadyOptions {
  readonly port: number;
  readonly path: string;
  readonly contentType: string;
  readonly file: string;
  readonly perSecond: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
  /** Every answer's body must hold this text. */
  readonly expected: string;
  /** It has a core of its own, and may use it up. */
  readonly isSpinning: boolean;
}

/** What it found; times in milliseconds. */
export interface SteadyResult {
  readonly requests: number;
  /** Answers other than 200 with the expected text, connections that broke, and requests without an answer. */
  readonly failed: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** How late requests left the generator. */
  readonly lateP99Ms: number;
}

const CONNECTIONS = 8;
const ANSWER_LIMIT_MS = 10_000;

const runSteadyLoad = async (options: SteadyOptions): Promise<SteadyResult> => {
  const { port, path, contentType, file, perSecond, expected } = options;
  const body = readFileSync(file);
  const head = `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: ${contentType}\r\nContent-Length: ${body.length}\r\n\r\n`;
  const request = Buffer.concat([Buffer.from(head), body]);
  const pool = createPool(port, CONNECTIONS);
  await pool.opened();

  const warmUp = Math.round(options.warmUpSeconds * perSecond);
  const total = warmUp + Math.round(options.seconds * perSecond);
  const latencies = new Float64Array(total).fill(Number.NaN);
  const lateness = new Float64Array(total);
  let failed = 0;
  let answered = 0;
  const start = performance.now() + 50;
  for (let index = 0; index < total; index += 1) {
    const due = start + (index * 1000) / perSecond;
    await waitUntil(due, options.isSpinning);
    const connection: Connection | undefined = pool.take();
    lateness[index] = performance.now() - due;
    if (connection === undefined) {
      // 512 requests wait for an answer: this one has failed before it was sent.
      answered += 1;
      if (index >= warmUp) failed += 1;
      continue;
    }
    connection.send(request, (isFine, text) => {
      answered += 1;
      if (isFine && text.includes(expected)) latencies[index] = performance.now() - due;
      else if (index >= warmUp) failed += 1;
    });
  }
  const limit = performance.now() + ANSWER_LIMIT_MS;
  const isWaiting = (): boolean => answered < total && performance.now() < limit;
  while (isWaiting()) await sleep(1);
  failed += total - answered;
  pool.close();
  const measured = latencies.subarray(warmUp).filter((value) => !Number.isNaN(value));
  return {
    requests: total - warmUp,
    failed,
    p50Ms: quantile(measured, 0.5),
    p99Ms: quantile(measured, 0.99),
    maxMs: quantile(measured, 1),
    lateP99Ms: quantile(lateness.subarray(warmUp), 0.99),
  };
};

const waitUntil = async (due: number, isSpinning: boolean): Promise<void> => {
  if (!isSpinning) {
    const ms = due - performance.now();
    if (ms > 0) await sleep(ms);
    return;
  }
  // Each turn of the event loop looks for answers, too.
  do await nextTurn();
  while (performance.now() < due);
};

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

if (import.meta.main) {
  const options = JSON.parse(process.argv[2] ?? "{}") as SteadyOptions;
  process.stdout.write(`${JSON.stringify(await runSteadyLoad(options))}\n`);
  process.exit(0);
}
