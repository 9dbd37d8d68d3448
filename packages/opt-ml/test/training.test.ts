import { spawnSync } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { runContainer } from "../src/testing/index.ts";
import { listModel, main, makeTree, readModel } from "./container.ts";

describe("the command", () => {
  test.each([[[]], [["evaluate"]], [["Train"]], [["--help"]], [["train", "now"]]])(
    "%j is a wrong usage",
    (parameters) => {
      const result = spawnSync(process.execPath, [main, ...parameters], { encoding: "utf8" });
      expect(result.status).toBe(2);
      expect(result.stdout).toBe("");
      expect(result.stderr).toMatch(/^usage: .*main\.ts train\|serve\n$/u);
    },
  );

  test("serve is given the model folder of the tree", async () => {
    const tree = await makeTree("save");
    const result = await runContainer({ main, command: "serve", tree });
    expect(result).toMatchObject({ exitCode: 0, stdout: `serving ${tree.paths.modelDir}\n` });
  });
});

describe("a training that ends by itself", () => {
  test("leaves the model, exit code 0 and no failure file", async () => {
    const tree = await makeTree("save");
    writeFileSync(tree.paths.failureFile, "of an earlier run");
    const result = await runContainer({ main, command: "train", tree });
    expect(result).toMatchObject({ exitCode: 0, stderr: "" });
    expect(listModel(tree)).toEqual(["model.json"]);
    expect(readModel(tree)).toBe("whole");
    expect(tree.readFailure()).toBeUndefined();
  });

  test("ends although timers are still running", async () => {
    const tree = await makeTree("open-handles");
    expect(await runContainer({ main, command: "train", tree })).toMatchObject({ exitCode: 0 });
    expect(readModel(tree)).toBe("whole");
  });

  test("works without a single file of configuration", async () => {
    const tree = await makeTree("save");
    rmSync(tree.paths.inputDir, { recursive: true });
    expect(await runContainer({ main, command: "train", tree })).toMatchObject({ exitCode: 0 });
  });

  test("keeps a model that lies there already until the new one is whole", async () => {
    const tree = await makeTree("bug");
    writeFileSync(path.join(tree.paths.modelDir, "model.json"), "before");
    await runContainer({ main, command: "train", tree });
    expect(listModel(tree)).toEqual(["model.json"]);
    expect(readModel(tree)).toBe("before");
  });
});

describe("a training that fails", () => {
  const fail = async (behaviour: string, environment: Record<string, string> = {}) => {
    const tree = await makeTree(behaviour);
    const result = await runContainer({ main, command: "train", tree, environment });
    expect(result.exitCode).toBe(1);
    expect(listModel(tree)).toEqual([]);
    const failure = tree.readFailure() ?? "";
    expect(failure.length).toBeLessThanOrEqual(1024);
    expect(result.stderr).not.toBe("");
    return { failure, ...result };
  };

  test("for the user's data says their message alone", async () => {
    const { failure, stderr } = await fail("wrong-data");
    expect(failure).toBe("training/a.csv, row 3, column 2: expected a number");
    expect(stderr).toBe(`error: ${failure}\n`);
  });

  test("for a bug says message, cause and stack", async () => {
    const { failure, stderr } = await fail("bug");
    expect(failure).toMatch(
      /^TypeError: x is not a function\ncaused by: Error: below\n\s+at .*train\.ts/u,
    );
    expect(stderr).toContain("train.ts");
  });

  test("for an error that nobody catches says it", async () => {
    expect((await fail("late-bug")).failure).toMatch(/^Error: thrown by a timer/u);
  });

  test("for want of memory says so", async () => {
    const { failure } = await fail("out-of-memory", { NODE_OPTIONS: "--max-old-space-size=40" });
    expect(failure).toMatch(/^out of memory: .*heap.*V8 said: .*heap/su);
  });

  test("for a crash in native code names the signal", async () => {
    expect((await fail("abort")).failure).toMatch(/^the training process died of SIGABRT/u);
  });

  test("because it was killed says so, and leaves no half a model", async () => {
    expect((await fail("die-while-saving")).failure).toMatch(
      /was killed \(SIGKILL\)|kernel killed/u,
    );
  });

  test("because it exits early says the code", async () => {
    expect((await fail("exit")).failure).toMatch(/^the training process exited with code 5/u);
  });

  test("because it waits for nothing says so", async () => {
    expect((await fail("never-ending-await")).failure).toMatch(/never finished/u);
  });

  test("for its hyperparameters lists every problem", async () => {
    const tree = await makeTree("", { hyperparameters: { secnds: "1", seconds: "-1" } });
    const result = await runContainer({ main, command: "train", tree });
    expect(result.exitCode).toBe(1);
    expect(tree.readFailure()).toBe(
      "2 hyperparameters are wrong:\n" +
        "- secnds: is unknown; did you mean seconds?\n" +
        '- seconds: received "-1", expected a number from 0 upwards',
    );
  });
});

describe("folders that cannot be written", () => {
  test("a model folder that is none fails before the training, and says so", async () => {
    const tree = await makeTree("save");
    rmSync(tree.paths.modelDir, { recursive: true });
    writeFileSync(tree.paths.modelDir, "");
    const result = await runContainer({ main, command: "train", tree });
    expect(result.exitCode).toBe(1);
    expect(tree.readFailure()).toContain(
      `the model folder ${tree.paths.modelDir} cannot be written`,
    );
  });

  test("without a failure file the cause is still on stderr", async () => {
    const tree = await makeTree("wrong-data");
    rmSync(tree.paths.outputDir, { recursive: true });
    writeFileSync(tree.paths.outputDir, "");
    const result = await runContainer({ main, command: "train", tree });
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toContain("cannot be made");
    expect(result.stderr).toContain("failure cannot be written");
  });

  test.runIf(process.getuid?.() === 0)(
    "another user than root is told what to change",
    async () => {
      const tree = await makeTree("save");
      const result = await runContainer({ main, command: "train", tree, uid: 65_534 });
      expect(result.exitCode).toBe(1);
      expect(result.stderr).toMatch(/USER.*Dockerfile/u);
    },
  );
});

describe("two hosts", () => {
  const hosts = ["algo-10", "algo-2"];

  test("only the leader trains; the other has nothing to do and succeeds", async () => {
    const leader = await makeTree("save", { cluster: { currentHost: "algo-2", hosts } });
    expect((await runContainer({ main, command: "train", tree: leader })).exitCode).toBe(0);
    expect(listModel(leader)).toEqual(["model.json"]);

    const other = await makeTree("save", { cluster: { currentHost: "algo-10", hosts } });
    const result = await runContainer({ main, command: "train", tree: other });
    expect(result).toMatchObject({ exitCode: 0, stderr: "" });
    expect(result.stdout).toContain("algo-10 has nothing to do");
    expect(listModel(other)).toEqual([]);
  });

  test("sharded data is refused with the reason", async () => {
    const cluster = { currentHost: "algo-10", hosts };
    const channels = { training: { "a.csv": "a,1\n" } };
    const tree = await makeTree("save", { cluster, channels, isSharded: true });
    expect((await runContainer({ main, command: "train", tree })).exitCode).toBe(1);
    expect(tree.readFailure()).toMatch(/^channel training: .*ShardedByS3Key.*FullyReplicated/u);
  });
});

describe("channels in a real process", () => {
  const channels = { training: { "a.csv": "setosa,1\n", "sub/b.csv": "virginica,2\n" } };

  test.each(["File", "FastFile"] as const)(
    "%s mode gives every file in each epoch",
    async (mode) => {
      const tree = await makeTree("read-two-epochs", { channels, mode });
      const { exitCode, stdout } = await runContainer({ main, command: "train", tree });
      expect(exitCode).toBe(0);
      expect(stdout).toContain(
        "epoch 1: training/a.csv has 9 bytes\nepoch 1: training/sub/b.csv has 21",
      );
      expect(stdout).toContain("epoch 2: training/sub/b.csv has 21 bytes");
    },
  );

  test("Pipe mode gives one pipe for each epoch", async () => {
    const tree = await makeTree("read-two-epochs", { channels, mode: "Pipe" });
    const { exitCode, stdout } = await runContainer({ main, command: "train", tree });
    expect(exitCode).toBe(0);
    expect(stdout).toContain("epoch 1: training_0 has 21 bytes\nepoch 2: training_1 has 21 bytes");
    expect(existsSync(tree.paths.failureFile)).toBe(false);
  });
});
