import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findBlocks, matchesOutput, normalizeOutput } from "./readme-blocks.ts";
import { listContainers, repositoryDir } from "./repository.ts";
import { createCopy } from "./testing/copy.ts";

const containers = await listContainers();
const files = ["README.md", ...containers.map((name) => `containers/${name}/README.md`)];
const readmes = await Promise.all(
  files.map(async (file) => ({
    file,
    blocks: findBlocks(await readFile(join(repositoryDir, file), "utf8").catch(() => "")),
  })),
);

let copy: Awaited<ReturnType<typeof createCopy>>;
let port = 0;
beforeAll(async () => {
  copy = await createCopy();
  port = await findFreePort();
});
afterAll(() => copy.remove());

describe.each(readmes)("$file", ({ blocks }) => {
  const running: ChildProcess[] = [];
  afterAll(() => Promise.all(running.map(stop)));

  test("says of every sh block whether it is run, or why not", () => {
    expect(blocks.filter(({ mark }) => mark === undefined)).toEqual([]);
  });

  const toRun = blocks.filter(({ mark }) => mark === "run" || mark === "background");
  test.each(toRun)(
    "line $line: the commands print what is shown",
    async ({ commands, mark, output }) => {
      const shell = start(commands);
      running.push(shell.child);
      const exitCode =
        mark === "background" ? await shell.waitFor(/model loaded/) : await shell.ended;
      expect(exitCode, shell.read()).toBe(0);
      const isAsShown = output === undefined || matchesOutput(shell.read(), output);
      // A mismatch is told as a comparison of the two.
      expect(isAsShown ? "" : normalizeOutput(shell.read())).toBe(
        isAsShown ? "" : normalizeOutput(output),
      );
    },
  );
});

test("times and ports may differ, and … stands for any lines", () => {
  expect(matchesOutput("a 0.8 s\nb\nc\nd", "a 12 s\n…\nd")).toBe(true);
  expect(matchesOutput("on 127.0.0.1:41234  \n", "on 127.0.0.1:8080")).toBe(true);
  expect(matchesOutput("a\nb", "a\nc")).toBe(false);
  expect(matchesOutput("a\nb", "a")).toBe(false);
});

const findFreePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port: free } = server.address() as AddressInfo;
  server.close();
  return free;
};

/** Runs commands in the copy, in a process group of their own; the port is a free one, since 8080 may be taken. */
const start = (
  commands: string,
): {
  child: ChildProcess;
  ended: Promise<number>;
  read: () => string;
  /** 0 when a line matches; the exit code when the commands end before. */
  waitFor: (pattern: RegExp) => Promise<number>;
} => {
  const script = commands.replaceAll(/\.\/scripts\/byoc (?:serve|predict)\b/g, `$& --port ${port}`);
  const child = spawn("bash", ["-euo", "pipefail", "-c", `exec 2>&1\n${script}`], {
    cwd: copy.dir,
    detached: true,
  });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  const ended = once(child, "close").then(([code]) => Number(code));
  return {
    child,
    ended,
    read: () => text,
    waitFor: async (pattern) => {
      while (!pattern.test(text)) {
        const exitCode = await Promise.race([
          ended,
          once(child.stdout, "data").then(() => undefined),
        ]);
        if (exitCode !== undefined) return exitCode;
      }
      return 0;
    },
  };
};

const stop = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  process.kill(-(child.pid ?? 0), "SIGTERM");
  await once(child, "close");
};
