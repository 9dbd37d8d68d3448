import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { failureOf } from "../test/support.ts";
import { readCheckpointFile, writeCheckpointFile } from "./checkpoint-file.ts";
import { type CheckpointsOptions, openCheckpoints } from "./checkpoints.ts";
import { createTree, type Tree } from "./testing/index.ts";

let tree: Tree;

beforeEach(async () => {
  tree = await createTree();
});

afterEach(() => tree.close());

const open = (options: CheckpointsOptions & { rank?: number } = {}) =>
  openCheckpoints(tree.paths, { rank: options.rank ?? 0 }, options);

const list = (): readonly string[] => readdirSync(tree.paths.defaultCheckpointDir).toSorted();

const state = (text: string) => ({ state: Buffer.from(text) });

describe("a checkpoint", () => {
  test("comes back as it was saved, whatever its parts", () => {
    const part = fc.uint8Array({ maxLength: 50 });
    const parts = fc.dictionary(fc.string({ unit: "binary" }), part, { noNullPrototype: true });
    fc.assert(
      fc.property(fc.nat(), parts, (step, saved) => {
        const checkpoints = open({ keepLast: 1 });
        checkpoints.save(step, saved);
        const latest = checkpoints.latest();
        expect(latest?.step).toBe(step);
        const bytes = Object.entries(latest?.parts ?? {}).map(([name, of]) => [name, [...of]]);
        expect(bytes).toEqual(Object.entries(saved).map(([name, of]) => [name, [...of]]));
      }),
      // Every save waits for the disk.
      { numRuns: 25 },
    );
  });

  test("can be laid under any typed array", () => {
    const weights = Float64Array.of(1.5, -2);
    open().save(1, { odd: Buffer.from("x"), weights: new Uint8Array(weights.buffer) });
    const bytes = open().latest()?.parts["weights"];
    expect(bytes?.byteOffset).toBe(0);
    expect(new Float64Array(bytes?.buffer ?? new ArrayBuffer())).toEqual(weights);
  });

  test("that is a part of a larger buffer is saved alone", () => {
    open().save(1, { part: Buffer.from("abcdef").subarray(2, 4) });
    expect(Buffer.from(open().latest()?.parts["part"] ?? []).toString()).toBe("cd");
  });

  test("of the same step replaces the one before", () => {
    const checkpoints = open();
    checkpoints.save(1, state("first"));
    checkpoints.save(1, state("second"));
    expect(list()).toHaveLength(1);
    expect(checkpoints.latest()?.parts["state"]?.toString()).toBe("second");
  });

  test.each([-1, 1.5, Number.NaN, 2 ** 53])("has no step %d", (step) => {
    expect(() => open().save(step, {})).toThrow(RangeError);
  });

  test("that cannot be written is told with the folder", async () => {
    writeFileSync(tree.paths.defaultCheckpointDir, "a file in the place of the folder");
    expect(await failureOf(() => open().save(3, state("x")))).toMatch(
      /^CHECKPOINT_WRITE checkpoint of step 3 cannot be written to .*checkpoints: /u,
    );
  });
});

describe("a damaged checkpoint", () => {
  const save = (): { file: string; content: Buffer } => {
    const file = path.join(tree.baseDir, "whole.ckpt");
    writeCheckpointFile(file, 12, { weights: Buffer.from("abcdefgh"), empty: Buffer.alloc(0) });
    return { file, content: readFileSync(file) };
  };

  test("is never accepted when it is cut at any byte, or has bytes too many", () => {
    const { file, content } = save();
    for (let length = 0; length < content.byteLength; length++) {
      writeFileSync(file, content.subarray(0, length));
      expect(() => readCheckpointFile(file), `${length} bytes`).toThrow(/^it/u);
    }
    writeFileSync(file, Buffer.concat([content, Buffer.from("x")]));
    expect(() => readCheckpointFile(file)).toThrow(/bytes, and \d+ were written/u);
  });

  test("is never accepted when any of its bytes has changed", () => {
    const { file, content } = save();
    for (let index = 0; index < content.byteLength; index++) {
      for (const bit of [0, 1, 3, 5, 6]) {
        const damaged = Buffer.from(content);
        damaged[index] = (content[index] ?? 0) ^ (1 << bit);
        writeFileSync(file, damaged);
        expect(() => readCheckpointFile(file), `byte ${index}, bit ${bit}`).toThrow(/^it/u);
      }
    }
  });

  test("is skipped for the newest that is whole", () => {
    const checkpoints = open();
    for (const step of [1, 2, 3]) checkpoints.save(step, state(`${step}`));
    const newest = path.join(checkpoints.dir, list().at(-1) ?? "");
    writeFileSync(newest, readFileSync(newest).subarray(0, -1));
    writeFileSync(path.join(checkpoints.dir, "checkpoint-rank0-000000009.ckpt"), "");
    mkdirSync(path.join(checkpoints.dir, "checkpoint-rank0-000000010.ckpt"));
    expect(open().latest()?.step).toBe(2);
  });

  test("alone means that there is none", () => {
    const checkpoints = open();
    checkpoints.save(1, state("x"));
    writeFileSync(path.join(checkpoints.dir, list()[0] ?? ""), "BYOC-CHECKPOINT 1 ");
    expect(open().latest()).toBeUndefined();
  });
});

describe("the folder", () => {
  test("is made by the first checkpoint, not before", () => {
    expect(open().latest()).toBeUndefined();
    expect(existsSync(tree.paths.defaultCheckpointDir)).toBe(false);
    open().save(0, {});
    expect(list()).toEqual(["checkpoint-rank0-000000000.ckpt"]);
  });

  test("keeps the newest three, or as many as it is told, in the order of their steps", () => {
    const checkpoints = open();
    for (const step of [1, 2, 9, 10, 11]) checkpoints.save(step, state(`${step}`));
    expect(list()).toEqual(
      [9, 10, 11].map((of) => `checkpoint-rank0-0000000${`${of}`.padStart(2, "0")}.ckpt`),
    );
    open({ keepLast: 1 }).save(12, {});
    expect(list()).toEqual(["checkpoint-rank0-000000012.ckpt"]);
    expect(checkpoints.latest()?.step).toBe(12);
  });

  test.each([0, -1, 1.5, Number.NaN])("cannot keep the newest %d", (keepLast) => {
    expect(() => open({ keepLast })).toThrow(RangeError);
  });

  test("loses the higher steps of a run that the one just saved replaces", () => {
    for (const step of [5, 6, 7]) open().save(step, state(`${step}`));
    open().save(2, state("new run"));
    expect(open().latest()?.step).toBe(2);
    expect(list()).toHaveLength(1);
  });

  test("holds those of every host, and each sees its own", () => {
    open({ rank: 1 }).save(8, state("one"));
    open({ rank: 10 }).save(9, state("ten"));
    open().save(1, state("zero"));
    open({ keepLast: 1 }).save(2, state("zero"));
    expect(open().latest()?.step).toBe(2);
    expect(open({ rank: 1 }).latest()?.step).toBe(8);
    expect(open({ rank: 10 }).latest()?.step).toBe(9);
    expect(open({ rank: 2 }).latest()).toBeUndefined();
  });

  test("is freed of what a killed process left half-written, and of nothing else", () => {
    const { dir } = open();
    mkdirSync(dir);
    const own = ".byoc-partial-123-checkpoint-rank0-000000001.ckpt";
    const others = [
      ".byoc-partial-123-checkpoint-rank1-000000001.ckpt",
      "checkpoint-rank0-x.ckpt",
      "weights.h5",
    ];
    for (const name of [own, ...others]) writeFileSync(path.join(dir, name), "half");
    open().save(1, {});
    expect(list()).toEqual([others[0], "checkpoint-rank0-000000001.ckpt", ...others.slice(1)]);
  });

  test("has no file that is half-written, not even when writing fails", async () => {
    open().save(1, state("x"));
    const lent = path.join(tree.paths.defaultCheckpointDir, "checkpoint-rank0-000000002.ckpt");
    mkdirSync(path.join(lent, "sub"), { recursive: true });
    expect(await failureOf(() => open().save(2, state("y")))).toContain("CHECKPOINT_WRITE");
    expect(list().filter((name) => name.startsWith("."))).toEqual([]);
    expect(open().latest()?.step).toBe(1);
  });

  test("is the LocalPath of the job's configuration", async () => {
    const LocalPath = path.join(tree.baseDir, "state");
    const file = path.join(tree.paths.inputConfigDir, "checkpointconfig.json");
    writeFileSync(file, JSON.stringify({ LocalPath, S3Uri: "s3://bucket/x" }));
    open().save(1, {});
    expect(readdirSync(LocalPath)).toHaveLength(1);
    for (const text of ["", "{}", '{"LocalPath": null}']) {
      writeFileSync(file, text);
      expect(open().dir).toBe(tree.paths.defaultCheckpointDir);
    }
    for (const text of ['{"LocalPath": "relative"}', '{"LocalPath": 1}', "[]", "{"]) {
      writeFileSync(file, text);
      expect(await failureOf(() => open())).toMatch(/^CONFIG_FILE checkpointconfig\.json: /u);
    }
  });

  test("tells when a checkpoint is whole, and only then", async () => {
    const saved: number[] = [];
    const checkpoints = open({
      onSaved: ({ step, file }) => void (existsSync(file) && saved.push(step)),
    });
    checkpoints.save(4, {});
    rmSync(checkpoints.dir, { recursive: true });
    writeFileSync(checkpoints.dir, "");
    await failureOf(() => checkpoints.save(5, {}));
    expect(saved).toEqual([4]);
  });
});
