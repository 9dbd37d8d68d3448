import { readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { runContainer } from "../src/testing/index.ts";
import {
  listModel,
  main,
  makeTree,
  readModel,
  startComputing,
  stopComputing,
} from "./container.ts";

describe("SIGTERM", () => {
  test("is seen by an algorithm that never lets the event loop run; its checkpoint makes it a success", async () => {
    const { tree, exitCode, seconds } = await stopComputing("poll");
    expect(exitCode).toBe(0);
    expect(tree.readFailure()).toBeUndefined();
    expect(readdirSync(tree.paths.defaultCheckpointDir)).toHaveLength(1);
    expect(seconds).toBeLessThan(5);
  });

  test("lets an algorithm save the model that it has", async () => {
    const { tree, exitCode } = await stopComputing("poll-and-save-model");
    expect(exitCode).toBe(0);
    expect(readModel(tree)).toBe("early but whole");
  });

  test("ends with 143 when nothing was saved", async () => {
    const { tree, exitCode } = await stopComputing("poll-and-save-nothing");
    expect(exitCode).toBe(143);
    expect(tree.readFailure()).toMatch(/stopped before it had saved/u);
  });

  test("aborts the signal of asynchronous code, and what it was saving is not published", async () => {
    const { tree, exitCode } = await stopComputing("signal");
    expect(exitCode).toBe(143);
    expect(listModel(tree)).toEqual([]);
  });

  test("ends an algorithm that looks at neither within 10 s", async () => {
    const { tree, exitCode, seconds, stderr } = await stopComputing("ignore-stop");
    expect(exitCode).toBe(143);
    expect(seconds).toBeLessThan(10);
    expect(stderr).toContain("had not looked at stopRequested()");
    expect(listModel(tree)).toEqual([]);
  });

  test("ends an algorithm at once when it comes a second time", async () => {
    const { exitCode, seconds } = await stopComputing("ignore-stop", { delaysMs: [0, 300] });
    expect(exitCode).toBe(143);
    expect(seconds).toBeLessThan(5);
  });
});

describe("a training that goes on", () => {
  test("starts from the checkpoint that the stopped one saved", async () => {
    const checkpointDir = path.join((await makeTree("save")).baseDir, "state");
    const configFiles = { "checkpointconfig.json": { LocalPath: checkpointDir } };
    const first = await makeTree("poll", { configFiles });
    const container = await startComputing(first);
    container.process.kill("SIGTERM");
    expect((await container.result).exitCode).toBe(0);

    const second = await makeTree("resume", { configFiles });
    expect((await runContainer({ main, command: "train", tree: second })).exitCode).toBe(0);
    expect(readModel(second)).toBe("resumed at 7");
  });
});
