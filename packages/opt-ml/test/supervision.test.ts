import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { runContainer, startContainer } from "../src/testing/index.ts";
import {
  findChild,
  listModel,
  main,
  makeTree,
  readModel,
  startComputing,
  stopComputing,
} from "./container.ts";

/** Where /proc tells which process is whose. */
const isLinux = process.platform === "linux";

describe("a stop", () => {
  test("by SIGINT, as Ctrl-C sends it, is one by SIGTERM", async () => {
    const { exitCode, stderr, tree } = await stopComputing("poll", { signal: "SIGINT" });
    expect(exitCode).toBe(0);
    expect(stderr).toContain("SIGINT: asked the algorithm to stop");
    expect(tree.readFailure()).toBeUndefined();
  });

  test("before the algorithm has begun reaches it when it begins", async () => {
    const tree = await makeTree("poll");
    const environment = { SLOW_IMPORT: "1" };
    const container = startContainer({ main, command: "train", tree, environment });
    await container.waitForLine(/^importing$/u);
    const start = performance.now();
    container.process.kill("SIGTERM");
    const { exitCode } = await container.result;
    expect(exitCode).toBe(0);
    expect(readdirSync(tree.paths.defaultCheckpointDir)).toHaveLength(1);
    expect(performance.now() - start).toBeLessThan(8_000);
  });

  test.runIf(isLinux)(
    "of both processes, as a terminal does it, before the algorithm has begun is no failure",
    async () => {
      const tree = await makeTree("poll");
      const environment = { SLOW_IMPORT: "1" };
      const container = startContainer({ main, command: "train", tree, environment });
      await container.waitForLine(/^importing$/u);
      const child = findChild(container.process.pid);
      container.process.kill("SIGINT");
      await sleep(200);
      process.kill(child, "SIGINT");
      expect((await container.result).exitCode).toBe(143);
      expect(tree.readFailure()).toMatch(/^stopped/u);
    },
  );

  test("of an algorithm that ignores it is a success when a checkpoint was saved", async () => {
    const { tree, exitCode } = await stopComputing("checkpoint-then-ignore-stop");
    expect(exitCode).toBe(0);
    expect(tree.readFailure()).toBeUndefined();
  });

  test("of an algorithm that never looks, but ends within 8 s, keeps its model", async () => {
    const { exitCode, tree } = await stopComputing("compute-then-save", {
      hyperparameters: { seconds: "2" },
    });
    expect(exitCode).toBe(0);
    expect(readModel(tree)).toBe("saved without having looked");
  });

  test("that an algorithm answers with an error of its own is still a stop", async () => {
    const { exitCode, tree } = await stopComputing("give-up-when-stopped");
    expect(exitCode).toBe(143);
    expect(tree.readFailure()).toBe("stopped: the algorithm gave up when it was asked to");
  });

  test("whose listener throws is a failure that says so", async () => {
    const { exitCode, tree } = await stopComputing("throw-when-stopped");
    expect(exitCode).toBe(1);
    expect(tree.readFailure()).toMatch(/^Error: thrown by a listener\n/u);
  });
});

describe("stderr", () => {
  test("of 10 MB passes through, and none of it is lost", async () => {
    const tree = await makeTree("flood");
    const { exitCode, stderr } = await runContainer({ main, command: "train", tree });
    expect(exitCode).toBe(0);
    expect(stderr.length).toBe(10_000_000);
    expect(/^(?:x{99}\n)+$/u.test(stderr.slice(-1_000_000))).toBe(true);
  });

  test("that nobody reads any more does not fail the job", async () => {
    const tree = await makeTree("flood");
    const container = startContainer({ main, command: "train", tree });
    container.process.stderr?.destroy();
    expect((await container.result).exitCode).toBe(0);
    expect(readModel(tree)).toBe("whole");
  });

  test("that a grandchild holds open does not hold up the end", async () => {
    const tree = await makeTree("grandchild");
    const start = performance.now();
    expect((await runContainer({ main, command: "train", tree })).exitCode).toBe(0);
    expect(performance.now() - start).toBeLessThan(15_000);
    expect(readModel(tree)).toBe("whole");
  });
});

describe("a supervisor that is killed", () => {
  test.runIf(isLinux).each(["poll-and-save-model", "signal"])(
    "takes the computing process with it, and nothing is published: %s",
    async (behaviour) => {
      const tree = await makeTree(behaviour);
      const container = await startComputing(tree);
      const child = findChild(container.process.pid);
      container.process.kill("SIGKILL");
      // Resolves when the computing process has let go of the pipes, too.
      expect((await container.result).signal).toBe("SIGKILL");
      expect(existsSync(`/proc/${child}/cwd`)).toBe(false);
      expect(listModel(tree).filter((name) => !name.startsWith(".byoc-partial-"))).toEqual([]);
      expect(tree.readFailure()).toBeUndefined();
    },
  );
});

test("what it costs to ask whether to stop is printed", async () => {
  const tree = await makeTree("poll-often");
  const { exitCode, stdout } = await runContainer({ main, command: "train", tree });
  expect(exitCode).toBe(0);
  process.stdout.write(stdout.split("\n").find((line) => line.startsWith("a poll")) ?? "");
});

describe("without a supervisor", () => {
  const run = async (behaviour: string, signal?: NodeJS.Signals) => {
    const tree = await makeTree(behaviour);
    const train = path.join(import.meta.dirname, "fixtures/train.ts");
    const program = `await (await import(${JSON.stringify(train)})).train();`;
    const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
      env: { ...process.env, ...tree.environment },
      stdio: ["ignore", "pipe", "inherit"],
    });
    child.stdout.on("data", (text: Buffer) => {
      if (signal !== undefined && text.includes("computing")) child.kill(signal);
    });
    const exitCode = await new Promise<number | null>((resolve) => child.once("close", resolve));
    return { tree, exitCode };
  };

  test("the process leaves the tree in order itself", async () => {
    const whole = await run("save");
    expect(whole.exitCode).toBe(0);
    expect(readModel(whole.tree)).toBe("whole");

    const failed = await run("wrong-data");
    expect(failed.exitCode).toBe(1);
    expect(failed.tree.readFailure()).toContain("expected a number");
    expect(listModel(failed.tree)).toEqual([]);
  });

  test("it is stopped by SIGTERM when it lets the event loop run", async () => {
    const { exitCode, tree } = await run("signal", "SIGTERM");
    expect(exitCode).toBe(143);
    expect(listModel(tree)).toEqual([]);
  });
});
