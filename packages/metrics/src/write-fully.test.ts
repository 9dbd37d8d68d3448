import { execFileSync } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runIntoPipe, runScript } from "../test/run-script.ts";
import { writeFully } from "./write-fully.ts";

const KILOBYTE = 1024;
const MORE_THAN_A_PIPE = "x".repeat(1024 * KILOBYTE);

let folder: string;
let reader: number;
let writer: number;

/** A pipe that does not block, as Docker's or a parent process's may be. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "metrics-"));
  const path = join(folder, "pipe");
  execFileSync("mkfifo", [path]);
  reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  writer = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
});

afterEach(() => {
  closeSync(writer);
  rmSync(folder, { recursive: true });
});

const readAvailable = (): string => {
  const buffer = Buffer.alloc(2048 * KILOBYTE);
  return buffer.toString("utf8", 0, readSync(reader, buffer));
};

test("a reader that stands still is waited for no longer than allowed", () => {
  const startMs = performance.now();
  writeFully(writer, MORE_THAN_A_PIPE, { maxStallMs: 100 });
  const firstMs = performance.now() - startMs;
  writeFully(writer, "lost\n", { maxStallMs: 60_000 });
  expect(firstMs).toBeGreaterThan(90);
  expect(performance.now() - startMs - firstMs).toBeLessThan(30_000);

  readAvailable();
  writeFully(writer, "seen\n");
  expect(readAvailable()).toBe("\nseen\n");
  writeFully(writer, "again\n");
  expect(readAvailable()).toBe("again\n");
  closeSync(reader);
});

test("a reader that has gone is no error", () => {
  closeSync(reader);
  expect(() => writeFully(writer, "nobody reads this\n")).not.toThrow();
});

test("any other failure is thrown", () => {
  expect(() => writeFully(reader, "not open for writing\n")).toThrow("EBADF");
  closeSync(reader);
});

test("a slow reader of a full pipe gets every byte, in order", () => {
  const { stdout, stderr } = runIntoPipe(
    `import { writeSync } from "node:fs";
     import { writeFully } from "./src/write-fully.ts";
     process.stdout.write(""); // makes Node set the pipe not to block
     try { for (;;) writeSync(1, "-".repeat(4095) + "\\n"); } catch (error) { writeFully(2, error.code); }
     for (let line = 0; line < 20_000; line++) writeFully(1, "line " + line + "\\n");
     writeFully(1, "é".repeat(200_000) + "\\n");
     process.abort();`,
    "sleep 0.3; cat",
  );
  expect(stderr).toMatch(/^EAGAIN/);
  const lines = stdout.split("\n").filter((line) => !line.startsWith("-"));
  expect(lines).toEqual([
    ...Array.from({ length: 20_000 }, (_, line) => `line ${line}`),
    "é".repeat(200_000),
    "",
  ]);
});

test("a process outlives the reader of its output", () => {
  const { stderr } = runIntoPipe(
    `import { writeFully } from "./src/write-fully.ts";
     for (let line = 0; line < 50_000; line++) writeFully(1, "line\\n");
     writeFully(2, "done");`,
    "head -n 1",
  );
  expect(stderr).toBe("done");
});

test.each([
  ["process.abort()", "SIGABRT"],
  ['process.kill(process.pid, "SIGKILL")', "SIGKILL"],
])("lines survive %s on the next statement", (death, signal) => {
  const result = runScript(
    `import { defineMetrics, log, logEmbeddedMetrics } from "./src/index.ts";
     const metrics = defineMetrics({ loss: "Mean loss" });
     log.info("begins");
     log.error("fails");
     logEmbeddedMetrics({ namespace: "N", metrics: { Loss: 1 }, timestamp: 1767225600000 });
     metrics.log({ loss: 0.42 });
     ${death};
     log.info("never said");`,
  );
  expect(result.signal).toBe(signal);
  expect(result.stdout).toMatch(/^begins\n\{.*\}\nloss=0\.42;\n$/);
  expect(result.stderr).toMatch(/^error: fails\n/);
});
