import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

// A container that tells every signal it gets, and a command line that runs it as byoc does.
const CONTAINER = `
process.stdout.write("base " + process.env.SAGEMAKER_BASE_DIR + "\\n");
const timer = setTimeout(() => {}, 60_000);
let stops = 0;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => {
    process.stdout.write("got " + signal + "\\n");
    stops += 1;
    if (stops === Number(process.env.STOPS)) { clearTimeout(timer); process.exitCode = 7; setTimeout(() => {}, 200); }
  });
}
process.stdout.write("ready\\n");`;
const COMMAND = `
const [dir, here] = process.argv.slice(2);
const { processRunner } = await import(here + "/process-runner.ts");
const { waitWithSignals } = await import(here + "/stop-on-signals.ts");
const container = { name: "x", dir, entry: dir + "/main.ts", channels: {}, hyperparameters: {}, payload: undefined, treeDir: dir };
const { exitCode } = await waitWithSignals(processRunner.start({ command: "train", container, baseDir: dir }));
process.exitCode = exitCode;`;

let dir = "";
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "byoc-runner-"));
  await writeFile(join(dir, "main.ts"), CONTAINER);
  await writeFile(join(dir, "command.ts"), COMMAND);
});
afterAll(() => rm(dir, { recursive: true }));

const start = async (stops: number): Promise<{ child: ChildProcess; output: () => string }> => {
  // A group of its own, as a shell gives to a command in a terminal.
  const child = spawn(process.execPath, [join(dir, "command.ts"), dir, import.meta.dirname], {
    env: { ...process.env, STOPS: String(stops) },
    detached: true,
  });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  while (!text.includes("ready\n")) await once(child.stdout, "data");
  return { child, output: () => text };
};

const pressCtrlC = (child: ChildProcess): void => void process.kill(-(child.pid ?? 0), "SIGINT");

test("Ctrl-C reaches the container as one SIGTERM, and its exit code is waited for", async () => {
  const { child, output } = await start(1);
  pressCtrlC(child);
  const [code] = (await once(child, "close")) as [number];
  expect(output()).toBe(`base ${dir}\nready\ngot SIGTERM\n`);
  expect(code).toBe(7);
});

test("a second Ctrl-C is a second SIGTERM", async () => {
  const { child, output } = await start(2);
  pressCtrlC(child);
  while (!output().includes("got")) await once(child.stdout as NodeJS.ReadableStream, "data");
  pressCtrlC(child);
  await once(child, "close");
  expect(output().match(/got \w+/g)).toEqual(["got SIGTERM", "got SIGTERM"]);
});
