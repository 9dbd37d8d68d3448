import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { readCluster } from "../cluster.ts";
import { createTree, type Tree, type TreeOptions } from "../testing/index.ts";
import { collect, failureOf } from "../../test/support.ts";
import { type Channels, readChannels } from "./channels.ts";

const trees: Tree[] = [];

afterEach(async () => {
  await Promise.all(trees.splice(0).map((tree) => tree.close()));
});

const makeTree = async (options: TreeOptions = {}): Promise<Tree> => {
  const tree = await createTree(options);
  trees.push(tree);
  return tree;
};

const configure = async (inputDataConfig: unknown): Promise<Channels> => {
  const configFiles = { "inputdataconfig.json": inputDataConfig };
  return readChannels((await makeTree({ configFiles })).paths);
};

const namesOf = ({ all }: Channels): readonly string[] => all.map(({ name }) => name);

describe("inputdataconfig.json", () => {
  test("tells name, mode, content type and distribution of each channel; what else it holds is passed over", async () => {
    const channels = await configure({
      training: {
        ContentType: "text/csv",
        TrainingInputMode: "Pipe",
        S3DistributionType: "ShardedByS3Key",
        RecordWrapperType: "RecordIO",
        Unknown: { any: "thing" },
      },
      validation: { TrainingInputMode: "FastFile", S3DistributionType: "FullyReplicated" },
      "a.b-c_d": {},
    });
    expect(namesOf(channels)).toEqual(["training", "validation", "a.b-c_d"]);
    expect(channels.training).toMatchObject({
      inputMode: "Pipe",
      contentType: "text/csv",
      isSharded: true,
      dir: undefined,
    });
    expect(channels.validation).toMatchObject({
      inputMode: "FastFile",
      contentType: undefined,
      isSharded: false,
    });
    expect(channels.find("a.b-c_d")).toMatchObject({ inputMode: "File", isSharded: false });
    expect(channels.test).toBeUndefined();
    expect(channels.find("nowhere")).toBeUndefined();
  });

  test("may begin with a BOM", async () => {
    expect(namesOf(await configure('\uFEFF{"train":{"TrainingInputMode":"File"}}'))).toEqual([
      "train",
    ]);
  });

  test.each([
    ["[]", "CONFIG_FILE"],
    ['{"training": ', "CONFIG_FILE"],
    ['{"training": []}', "CHANNEL_CONFIG"],
    ['{"training": null}', "CHANNEL_CONFIG"],
    ['{"training": {"TrainingInputMode": "file"}}', "CHANNEL_CONFIG"],
    ['{"training": {"TrainingInputMode": 1}}', "CHANNEL_CONFIG"],
    ['{"../secrets": {}}', "CHANNEL_CONFIG"],
    ['{"..": {}}', "CHANNEL_CONFIG"],
    ['{"a/b": {}}', "CHANNEL_CONFIG"],
    ['{"": {}}', "CHANNEL_CONFIG"],
    [`{"${"x".repeat(65)}": {}}`, "CHANNEL_CONFIG"],
  ])("%s is an error", async (text, code) => {
    expect(await failureOf(() => configure(text))).toMatch(
      new RegExp(`^${code} inputdataconfig\\.json: `, "u"),
    );
  });

  test("an input mode that does not exist is told with those that do", async () => {
    expect(await failureOf(() => configure({ training: { TrainingInputMode: "Fast" } }))).toBe(
      String.raw`CHANNEL_CONFIG inputdataconfig.json: channel training: TrainingInputMode must be File, FastFile or Pipe, found "\"Fast\""`,
    );
  });
});

describe("the channel to learn from", () => {
  test.each(["training", "train"])("may be called %s", async (name) => {
    expect((await configure({ [name]: {} })).training.name).toBe(name);
  });

  test("is ambiguous when there are both", async () => {
    expect(await failureOf(() => configure({ training: {}, train: {} }))).toMatch(
      /^CHANNEL_AMBIGUOUS /u,
    );
  });

  test("is missed only when it is asked for, and the others are told", async () => {
    const channels = await configure({ model: {}, extra: {} });
    expect(() => channels.training).toThrow(
      "the job has no channel training (or train); its channels: model and extra",
    );
    const none = await configure({});
    expect(none.all).toEqual([]);
    expect(() => none.training).toThrow("its channels: none");
  });
});

describe.each([
  ["is absent", undefined],
  ["is empty", ""],
  ["is {}", "{}"],
  ["is blank", " \n"],
])("without channels in inputdataconfig.json (it %s)", (_name, text) => {
  test("the folders and pipes of input/data are the channels", async () => {
    const tree = await makeTree({ configFiles: { "inputdataconfig.json": text ?? "" } });
    const { inputConfigDir, inputDataDir } = tree.paths;
    if (text === undefined) rmSync(path.join(inputConfigDir, "inputdataconfig.json"));
    for (const name of ["training", "my.data-1", ".hidden"]) {
      mkdirSync(path.join(inputDataDir, name));
    }
    for (const name of ["training-manifest", "checkpoints-manifest", "notes.txt"]) {
      writeFileSync(path.join(inputDataDir, name), "s3://bucket/a.csv\n");
    }
    const elsewhere = path.join(tree.baseDir, "elsewhere");
    mkdirSync(elsewhere);
    writeFileSync(path.join(elsewhere, "a.csv"), "a\n");
    symlinkSync(elsewhere, path.join(inputDataDir, "linked"));
    symlinkSync(path.join(elsewhere, "a.csv"), path.join(inputDataDir, "linked-file"));
    symlinkSync(path.join(elsewhere, "gone"), path.join(inputDataDir, "lost"));
    for (const name of ["piped_0", "piped_1", "under_score_0", "odd"]) {
      execFileSync("mkfifo", [path.join(inputDataDir, name)]);
    }

    const channels = readChannels(tree.paths);
    expect(
      Object.fromEntries(channels.all.map(({ name, inputMode }) => [name, inputMode])),
    ).toEqual({
      training: "File",
      "my.data-1": "File",
      linked: "File",
      lost: "File",
      piped: "Pipe",
      under_score: "Pipe",
    });
    const lost = channels.all.filter(({ name }) => name === "lost");
    expect(
      await failureOf(() => Promise.all(lost.map((channel) => collect(channel.sources())))),
    ).toMatch(/lost cannot be read: .*leads nowhere/u);
  });
});

test("no folder of channels means no channels", async () => {
  const tree = await makeTree();
  rmSync(tree.paths.inputDir, { recursive: true });
  expect(readChannels(tree.paths).all).toEqual([]);
});

test("the AWS sample's own test_dir is understood", async () => {
  const tree = await makeTree({ channels: { training: { "iris.csv": "setosa,5.1\n" } } });
  const { inputConfigDir } = tree.paths;
  for (const name of ["inputdataconfig.json", "resourceconfig.json"]) {
    rmSync(path.join(inputConfigDir, name));
  }
  writeFileSync(path.join(inputConfigDir, "resourceConfig.json"), "");
  const channels = readChannels(tree.paths);
  const sources = await collect(channels.training.sources());
  expect(sources.map(({ name }) => name)).toEqual(["training/iris.csv"]);
  expect(readCluster(tree.paths)).toMatchObject({ rank: 0, worldSize: 1 });
});
