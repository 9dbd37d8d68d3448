import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { TestContext } from "vitest";

const run = promisify(execFile);

const CACHE = join(import.meta.dirname, "../../../../../node_modules/.cache");

/**
 * Gives a Python interpreter that has a package, from a virtual environment which is made once and kept in the cache of
 * this checkout; the test is skipped, and says so, where there is no python3 or the package cannot be had.
 *
 * @param requirement With its version: `prometheus_client==0.26.0`.
 */
export const requirePython = async (context: TestContext, requirement: string): Promise<string> => {
  const folder = join(CACHE, `python-${requirement.replaceAll("==", "-")}`);
  const python = join(folder, "bin/python");
  if (existsSync(python)) return python;
  await mkdir(CACHE, { recursive: true });
  const made = await mkdtemp(join(CACHE, "python-new-"));
  try {
    await run("python3", ["-m", "venv", made]);
    const install = ["-m", "pip", "install", "--quiet", "--retries", "0", "--timeout", "20"];
    await run(join(made, "bin/python"), [...install, requirement]);
    await rename(made, folder);
  } catch (error) {
    await rm(made, { recursive: true, force: true });
    if (existsSync(python)) return python;
    const [reason] = String(error).split("\n");
    process.stderr.write(`SKIPPED "${context.task.name}": no ${requirement} (${reason})\n`);
    context.skip(`needs python3 with ${requirement}`);
  }
  return python;
};

/** Runs a script with a text on its stdin, and gives what it prints; rejects with its stderr when it fails. */
export const runPython = async (python: string, script: string, input: string): Promise<string> => {
  const running = run(python, ["-c", script], { maxBuffer: 2 ** 26 });
  running.child.stdin?.end(input);
  return (await running).stdout;
};
