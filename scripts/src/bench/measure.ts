import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A program that is measured as a whole process. */
export interface Measured {
  readonly name: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** A further open pipe, number 3. */
  readonly hasLink?: boolean;
  /** Asked until it answers 200; the time until then is measured, and the program is then told to stop. */
  readonly url?: string;
}

// Runs in every Node.js process of the program, and writes the peak of its resident memory when it exits.
const REPORT_MEMORY = `data:text/javascript,${encodeURIComponent(`
import { writeFileSync } from "node:fs";
process.on("exit", () => {
  writeFileSync(process.env.BYOC_BENCH_DIR + "/" + process.pid, String(process.resourceUsage().maxRSS));
});`)}`;

/** Milliseconds from the start of the program to its end, or to its first 200. */
export const measureMs = async (measured: Measured): Promise<number> => {
  const started = performance.now();
  const child = start(measured, {});
  const ended = once(child, "exit") as Promise<[number | null]>;
  if (measured.url === undefined) {
    check(measured, await ended);
    return performance.now() - started;
  }
  while (!(await answers(measured.url))) {
    if (child.exitCode !== null) throw new Error(`${measured.name} ended before it answered`);
  }
  const ms = performance.now() - started;
  child.kill("SIGTERM");
  check(measured, await ended);
  return ms;
};

/** The most resident memory of each process of the program, added up, in megabytes. */
export const measureMegabytes = async (measured: Measured): Promise<number> => {
  const dir = await mkdtemp(join(tmpdir(), "byoc-bench-"));
  try {
    const child = start(measured, {
      BYOC_BENCH_DIR: dir,
      NODE_OPTIONS: `--import=${REPORT_MEMORY}`,
    });
    const ended = once(child, "exit") as Promise<[number | null]>;
    if (measured.url !== undefined) {
      while (!(await answers(measured.url)));
      child.kill("SIGTERM");
    }
    check(measured, await ended);
    const kilobytes = await Promise.all(
      (await readdir(dir)).map(async (name) => Number(await readFile(join(dir, name), "utf8"))),
    );
    return kilobytes.reduce((sum, value) => sum + value, 0) / 1024;
  } finally {
    await rm(dir, { recursive: true });
  }
};

const start = (
  { args, env, hasLink = false }: Measured,
  more: Readonly<Record<string, string>>,
): ReturnType<typeof spawn> => {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env, ...more },
    stdio: ["ignore", "ignore", "inherit", hasLink ? "pipe" : "ignore"],
  });
  child.stdio[3]?.on("data", () => {});
  return child;
};

const check = ({ name }: Measured, [exitCode]: [number | null]): void => {
  if (exitCode !== 0) throw new Error(`${name} ended with exit code ${exitCode}`);
};

const answers = (url: string): Promise<boolean> =>
  new Promise((resolve) => {
    get(url, { agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    }).on("error", () => setTimeout(resolve, 1, false));
  });

/** The middle value; of an even number, the mean of the two in the middle. */
export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = Number.NaN, high = low] = sorted.slice(Math.ceil(sorted.length / 2) - 1, middle + 1);
  return (low + high) / 2;
};
