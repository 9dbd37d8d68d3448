import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { collect, readBytes } from "../../test/support.ts";
import { readChannels } from "../channels/channels.ts";
import { createTree } from "./index.ts";

test("a tree looks as SageMaker lays it out, and is gone when it is closed", async () => {
  const tree = await createTree({
    hyperparameters: { depth: "3" },
    channels: { training: { "a.csv": "1\n", "sub/b.bin": Uint8Array.of(0, 255) } },
    isSharded: true,
    jobName: "my-job",
  });
  const config = (name: string): unknown =>
    JSON.parse(readFileSync(path.join(tree.paths.inputConfigDir, name), "utf8"));
  expect(config("hyperparameters.json")).toEqual({ depth: "3" });
  expect(config("inputdataconfig.json")).toEqual({
    training: {
      TrainingInputMode: "File",
      S3DistributionType: "ShardedByS3Key",
      RecordWrapperType: "None",
    },
  });
  expect(config("resourceconfig.json")).toMatchObject({ hosts: ["algo-1"] });
  expect(tree.environment["TRAINING_JOB_NAME"]).toBe("my-job");
  expect(existsSync(tree.paths.outputDataDir)).toBe(true);
  expect(tree.readFailure()).toBeUndefined();
  await tree.close();
  expect(existsSync(tree.baseDir)).toBe(false);
});

test("a tree in a folder of one's own stays, and what an earlier run left in it goes", async () => {
  const baseDir = mkdtempSync(path.join(tmpdir(), "own-"));
  const first = await createTree({ baseDir });
  writeFileSync(path.join(first.paths.modelDir, "model.json"), "old");
  await first.close();
  const second = await createTree({ baseDir });
  expect(existsSync(path.join(second.paths.modelDir, "model.json"))).toBe(false);
  await second.close();
  expect(statSync(baseDir).isDirectory()).toBe(true);
  rmSync(baseDir, { recursive: true });
});

test("pipes carry all files of a channel in every epoch, also after one that was left early", async () => {
  const channels = { training: { "a.csv": "1\n", "sub/b.csv": "2\n" } };
  const tree = await createTree({ channels, mode: "Pipe" });
  const { training } = readChannels(tree.paths);
  for (const epoch of [0, 1]) {
    const texts: string[] = [];
    for await (const source of training.sources()) {
      texts.push(`${source.name}: ${(await readBytes(source.stream())).toString()}`);
    }
    expect(texts).toEqual([`training_${epoch}: 1\n2\n`]);
  }
  for await (const source of training.sources()) {
    for await (const chunk of source.stream()) {
      expect(chunk.byteLength).toBeGreaterThan(0);
      break;
    }
  }
  const [source] = await collect(training.sources());
  expect(source?.name).toBe("training_3");
  await tree.close();
});

test("pipes that nobody reads do not hold up the end", async () => {
  const channels = Object.fromEntries(
    ["a", "b", "c", "d", "e", "f"].map((name) => [name, { "x.csv": "x".repeat(1_000_000) }]),
  );
  const tree = await createTree({ channels, mode: "Pipe" });
  await tree.close();
  expect(existsSync(tree.baseDir)).toBe(false);
});
