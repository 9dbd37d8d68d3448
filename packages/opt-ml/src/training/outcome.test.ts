import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { failureOf } from "../../test/support.ts";
import { createTree, type Tree } from "../testing/index.ts";
import { createStaging, discardStaging, publishModel } from "./model-folder.ts";
import { type Ending, settle } from "./outcome.ts";

let tree: Tree;

beforeEach(async () => {
  tree = await createTree();
});

afterEach(() => tree.close());

const list = (): readonly string[] => readdirSync(tree.paths.modelDir).toSorted();

const stage = (files: Readonly<Record<string, string>>): void => {
  const staging = createStaging(tree.paths.modelDir);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(staging, name)), { recursive: true });
    writeFileSync(path.join(staging, name), content);
  }
};

const read = (name: string): string => readFileSync(path.join(tree.paths.modelDir, name), "utf8");

const end = (ending: Ending) => {
  const problems: string[] = [];
  const outcome = settle(tree.paths, ending, (problem) => problems.push(problem));
  return { ...outcome, problems };
};

describe("the model folder", () => {
  test("gets files, dotfiles and folders of a model at once, in place of those of the same name", () => {
    mkdirSync(path.join(tree.paths.modelDir, "weights/old"), { recursive: true });
    writeFileSync(path.join(tree.paths.modelDir, "keep.txt"), "kept");
    stage({ "model.json": "new", "weights/1.bin": "new", ".hidden": "new" });
    expect(list().filter((name) => !name.startsWith(".byoc"))).toEqual(["keep.txt", "weights"]);
    expect(publishModel(tree.paths.modelDir).toSorted()).toEqual([
      ".hidden",
      "model.json",
      "weights",
    ]);
    expect(list()).toEqual([".hidden", "keep.txt", "model.json", "weights"]);
    expect(readdirSync(path.join(tree.paths.modelDir, "weights"))).toEqual(["1.bin"]);
  });

  test("loses what an earlier run left half-finished", () => {
    stage({ "model.json": "half" });
    createStaging(tree.paths.modelDir);
    expect(publishModel(tree.paths.modelDir)).toEqual([]);
    expect(list()).toEqual([]);
  });

  test("is made when it is missing, and need not be there to be cleared", () => {
    rmSync(tree.paths.modelDir, { recursive: true });
    discardStaging(tree.paths.modelDir);
    expect(publishModel(tree.paths.modelDir)).toEqual([]);
    createStaging(tree.paths.modelDir);
    expect(list()).toHaveLength(1);
  });

  test("that is a file says so", async () => {
    rmSync(tree.paths.modelDir, { recursive: true });
    writeFileSync(tree.paths.modelDir, "");
    expect(await failureOf(() => createStaging(tree.paths.modelDir))).toMatch(
      /^MODEL_DIR the model folder .* cannot be written: EEXIST.*USER in the Dockerfile/u,
    );
  });
});

describe("a job that", () => {
  test("completed has its model, exit code 0 and no failure file", () => {
    writeFileSync(tree.paths.failureFile, "of an earlier run");
    stage({ "model.json": "whole" });
    expect(end({ kind: "completed" })).toEqual({ exitCode: 0, failure: undefined, problems: [] });
    expect(read("model.json")).toBe("whole");
    expect(tree.readFailure()).toBeUndefined();
  });

  test("completed early with a model or a checkpoint succeeds; with neither it is stopped", () => {
    stage({});
    expect(end({ kind: "completed-early", hasCheckpoint: false })).toMatchObject({ exitCode: 143 });
    expect(tree.readFailure()).toMatch(/stopped before it had saved a model or a checkpoint/u);
    stage({});
    expect(end({ kind: "completed-early", hasCheckpoint: true })).toMatchObject({ exitCode: 0 });
    expect(tree.readFailure()).toBeUndefined();
    stage({ "model.json": "early" });
    expect(end({ kind: "completed-early", hasCheckpoint: false })).toMatchObject({ exitCode: 0 });
    expect(read("model.json")).toBe("early");
  });

  test("was stopped never publishes what it was putting together", () => {
    for (const hasCheckpoint of [true, false]) {
      stage({ "model.json": "half" });
      const { exitCode } = end({ kind: "stopped", hasCheckpoint, reason: "because" });
      expect(exitCode).toBe(hasCheckpoint ? 0 : 143);
      expect(tree.readFailure()).toBe(hasCheckpoint ? undefined : "because");
      expect(list()).toEqual([]);
    }
  });

  test("failed says why in at most 1,024 characters, and has no model", () => {
    stage({ "model.json": "half" });
    expect(end({ kind: "failed", reason: `why ${"é".repeat(2000)}` }).exitCode).toBe(1);
    expect(tree.readFailure()).toMatch(/^why é{1019}…$/u);
    expect(list()).toEqual([]);
  });

  test("cannot publish its model has failed, and says so", () => {
    rmSync(tree.paths.modelDir, { recursive: true });
    writeFileSync(tree.paths.modelDir, "");
    expect(end({ kind: "completed" }).exitCode).toBe(1);
    expect(tree.readFailure()).toMatch(/^the model is not saved: .*model cannot be written: /u);
    expect(end({ kind: "failed", reason: "the cause" }).failure).toBe("the cause");
  });

  test("cannot write its failure file reports that, and keeps its cause", () => {
    rmSync(tree.paths.outputDir, { recursive: true });
    writeFileSync(tree.paths.outputDir, "");
    const { exitCode, failure, problems } = end({ kind: "failed", reason: "the cause" });
    expect({ exitCode, failure }).toEqual({ exitCode: 1, failure: "the cause" });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/output\/failure cannot be written: /u);
  });
});
