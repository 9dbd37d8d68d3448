import type { ServerProcess } from "../server-process.ts";
import { median, readUsage } from "./process-usage.ts";

/** What the processes of a server held, quarter by quarter. */
export interface Samples {
  /** Medians of each quarter, all processes together. */
  readonly pssMb: readonly number[];
  readonly parentPssMb: readonly number[];
  /** Of the worker that has lived longest. */
  readonly oldestPssMb: readonly number[];
  readonly parentFiles: readonly number[];
}

interface Sample {
  readonly all: number;
  readonly parent: number;
  readonly oldest: number;
  readonly files: number;
}

const INTERVAL_MS = 500;
const QUARTERS = 4;

/** Looks at the processes of a server twice a second. */
export const startSampling = (server: ServerProcess): { stop(): Samples } => {
  const samples: Sample[] = [];
  const timer = setInterval(() => {
    const parent = readUsage(server.child.pid ?? 0);
    if (parent === undefined) return;
    const ids = server.workerIds().toSorted((a, b) => a - b);
    const workers = ids.map((id) => readUsage(id)?.pssMb ?? 0);
    const all = workers.reduce((sum, pssMb) => sum + pssMb, parent.pssMb);
    samples.push({ all, parent: parent.pssMb, oldest: workers[0] ?? 0, files: parent.files });
  }, INTERVAL_MS);
  return {
    stop() {
      clearInterval(timer);
      return {
        pssMb: toQuarters(samples.map(({ all }) => all)),
        parentPssMb: toQuarters(samples.map(({ parent }) => parent)),
        oldestPssMb: toQuarters(samples.map(({ oldest }) => oldest)),
        parentFiles: toQuarters(samples.map(({ files }) => files)),
      };
    },
  };
};

const toQuarters = (values: readonly number[]): readonly number[] => {
  const length = Math.ceil(values.length / QUARTERS);
  return Array.from({ length: QUARTERS }, (_, quarter) =>
    median(values.slice(quarter * length, (quarter + 1) * length)),
  );
};
