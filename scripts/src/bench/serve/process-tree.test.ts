import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, expect, test } from "vitest";
import { compareCpu, listTree, measurePss, signalProcesses } from "./process-tree.ts";

const CHILD = `process.title = "a) b (c"; const filled = Buffer.alloc(100e6, 1); process.stdout.write("ready");
const end = performance.now() + 60_000; while (performance.now() < end && filled[0] === 1);`;
const PARENT = `require("node:child_process").spawn(process.execPath, ["--eval", ${JSON.stringify(CHILD)}], { stdio: "inherit" });`;

let parent: ChildProcess | undefined;
afterEach(() => {
  if (parent?.pid !== undefined) signalProcesses(listTree(parent.pid), "SIGKILL");
});

test.skipIf(process.platform !== "linux")(
  "a tree of processes is found, and its CPU time and memory are added up",
  async () => {
    parent = spawn(process.execPath, ["--eval", PARENT], { stdio: ["ignore", "pipe", "inherit"] });
    const pid = parent.pid ?? 0;
    await once(parent.stdout as NodeJS.ReadableStream, "data");
    const before = listTree(pid);
    expect(before).toHaveLength(2);
    expect(before[1]?.parent).toBe(pid);
    expect(measurePss(pid)).toBeGreaterThan(100);
    const limit = performance.now() + 20_000;
    let used = [0];
    while ((used[0] ?? 0) < 0.2 && performance.now() < limit) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      used = compareCpu(before, listTree(pid));
    }
    // The busy child comes first, the waiting parent last.
    expect(used[0]).toBeGreaterThanOrEqual(0.2);
    expect(used[1]).toBeLessThan(0.1);

    const ended = once(parent, "exit");
    signalProcesses(before, "SIGKILL");
    await ended;
    expect(listTree(pid)).toEqual([]);
    expect(measurePss(pid)).toBe(0);
  },
);
