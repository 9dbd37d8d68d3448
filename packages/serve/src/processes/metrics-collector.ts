import { readMemoryLimitBytes, readMemoryUsageBytes } from "@byoc/limits";
import { createEmfReporter, type EmfReporter } from "../observability/emf-reporter.ts";
import { readEmfSettings } from "../observability/emf-settings.ts";
import type { RequestMetrics } from "../observability/request-metrics.ts";
import { type MetricsSnapshot, mergeSnapshots, withoutGauges } from "../observability/snapshot.ts";
import type { Worker } from "./worker.ts";
import type { WorkerGroup } from "./worker-group.ts";

/** Adds up what the processes of a server count. */
export interface MetricsCollector {
  /** Asks every worker; one that computes is waited for no longer than a second, and left out. */
  collect(): Promise<MetricsSnapshot>;
  onSnapshot(worker: Worker, snapshot: MetricsSnapshot): void;
  onDeath(worker: Worker): void;
  /** Tells CloudWatch once a minute. */
  readonly reporter: EmfReporter;
}

const TIMEOUT_MS = 1_000;

/** Collects for the parent, whose own numbers are `own`. */
export const createMetricsCollector = (
  getGroup: () => WorkerGroup,
  own: RequestMetrics,
): MetricsCollector => {
  /** The last that a worker told; what a dead one told stays counted. */
  const latest = new Map<Worker, MetricsSnapshot>();
  let dead = mergeSnapshots([]);
  let waiting: { missing: Set<Worker>; done: () => void } | undefined;

  const askWorkers = async (): Promise<void> => {
    const ready = [...getGroup().workers].filter(({ isReady }) => isReady);
    if (ready.length === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, TIMEOUT_MS);
      const done = (): void => {
        clearTimeout(timer);
        resolve();
      };
      waiting = { missing: new Set(ready), done };
      for (const worker of ready) worker.send({ type: "snapshot" });
    });
    waiting = undefined;
  };
  let asking: Promise<void> | undefined;

  const collect = async (): Promise<MetricsSnapshot> => {
    asking ??= askWorkers().finally(() => {
      asking = undefined;
    });
    await asking;
    const group = getGroup();
    own.workers = group.workers.size;
    own.workerRestarts = group.restarts;
    own.memoryLimitBytes = readMemoryLimitBytes();
    own.memoryUsageBytes = readMemoryUsageBytes();
    return mergeSnapshots([own.snapshot(), dead, ...latest.values()]);
  };
  return {
    collect,
    onSnapshot(worker, snapshot) {
      latest.set(worker, snapshot);
      if (waiting?.missing.delete(worker) && waiting.missing.size === 0) waiting.done();
    },
    onDeath(worker) {
      const last = latest.get(worker);
      latest.delete(worker);
      // What it held is gone; what it counted is not.
      if (last !== undefined) dead = mergeSnapshots([dead, withoutGauges(last)]);
      if (waiting?.missing.delete(worker) && waiting.missing.size === 0) waiting.done();
    },
    reporter: createEmfReporter({ ...readEmfSettings(), read: collect }),
  };
};
