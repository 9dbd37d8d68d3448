/**
 * Requests per second with and without micro-batching, of a model that takes 5 ms a call and 0.05 ms a row.
 *
 *     node packages/serve/bench/batching.ts
 */
import { setTimeout as sleep } from "node:timers/promises";
import { log } from "@byoc/metrics";
import type { Matrix } from "@byoc/table";
import { createBatcher } from "../src/batching/batcher.ts";
import type { PredictRows } from "../src/batching/run-batch.ts";
import type { Predictions } from "../src/service.ts";

const CALL_MS = 5;
const ROW_MS = 0.05;
const RUN_MS = 3000;
const CLIENTS = [1, 2, 8, 32, 128];

/** One call at a time; `later`: computed beside the event loop, as on a GPU; `busy`: in it. */
const createModel = (kind: "later" | "busy"): PredictRows<Matrix> => {
  let freeMs = 0;
  return ({ rows }) => {
    const predictions: Predictions = { kind: "values", values: new Float64Array(rows) };
    const durationMs = CALL_MS + ROW_MS * rows;
    if (kind === "busy") {
      const endMs = performance.now() + durationMs;
      while (performance.now() < endMs);
      return predictions;
    }
    freeMs = Math.max(freeMs, performance.now()) + durationMs;
    return waitUntil(freeMs).then(() => predictions);
  };
};

/** To within the turn of the event loop: timers alone are late by up to 1 ms. */
const waitUntil = async (endMs: number): Promise<void> => {
  if (endMs - performance.now() > 2) await sleep(endMs - performance.now() - 2);
  while (performance.now() < endMs) await new Promise(setImmediate);
};

/** Each client sends one row, and the next 0 to 0.5 ms after its answer. */
const measure = async (
  predict: PredictRows<Matrix>,
  clients: number,
): Promise<{ perSecond: number; p50: number; p99: number }> => {
  const latenciesMs: number[] = [];
  const endMs = performance.now() + RUN_MS;
  const runClient = async (): Promise<void> => {
    while (performance.now() < endMs) {
      await waitUntil(performance.now() + Math.random() / 2);
      const startedMs = performance.now();
      const rows = { values: new Float64Array(4), rows: 1, columns: 4 };
      await predict(rows, { signal: new AbortController().signal });
      latenciesMs.push(performance.now() - startedMs);
    }
  };
  await Promise.all(Array.from({ length: clients }, runClient));
  latenciesMs.sort((one, other) => one - other);
  const quantile = (share: number): number =>
    latenciesMs[Math.floor(share * latenciesMs.length)] ?? NaN;
  return {
    perSecond: (latenciesMs.length * 1000) / RUN_MS,
    p50: quantile(0.5),
    p99: quantile(0.99),
  };
};

log.info(
  "model   clients   each alone: req/s   p50 / p99 ms   batched: req/s   p50 / p99 ms   ratio",
);
for (const kind of ["later", "busy"] as const) {
  for (const clients of CLIENTS) {
    const alone = await measure(createModel(kind), clients);
    const batched = await measure(createBatcher(createModel(kind), { maxRows: 64 }), clients);
    const show = ({ perSecond, p50, p99 }: typeof alone): string =>
      `${perSecond.toFixed(0).padStart(15)}   ${p50.toFixed(1)} / ${p99.toFixed(1)}`;
    log.info(
      `${kind.padEnd(6)} ${String(clients).padStart(8)} ${show(alone)} ${show(batched)}   ` +
        `${(batched.perSecond / alone.perSecond).toFixed(1)}`,
    );
  }
}
