import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { run, type RunResult } from "../testing/run.ts";
import { repositoryDir } from "../repository.ts";

const byoc = (...args: string[]): Promise<RunResult> =>
  run(process.execPath, [join(repositoryDir, "scripts/src/byoc.ts"), ...args], {
    cwd: repositoryDir,
  });

test.each([
  { args: ["trian"], says: "unknown command 'trian'; did you mean train?" },
  { args: ["train"], says: "missing required argument 'container'" },
  { args: ["train", "decision-tre"], says: 'did you mean "decision-tree"?' },
  { args: ["train", "zebra"], says: 'there is no container "zebra" (containers: ' },
  { args: ["train", "decision-tree", "--chanel", "a=b"], says: "did you mean --channel?" },
  { args: ["train", "decision-tree", "--channel", "a"], says: "Expected name=value" },
  {
    args: ["train", "decision-tree", "--channel", "a=/nowhere"],
    says: "channel a: there is no file or folder /nowhere",
  },
  {
    args: ["train", "decision-tree", "--mode", "pipe"],
    says: "Allowed choices are File, FastFile, Pipe",
  },
  {
    args: ["train", "decision-tree", "--hyperparameters", "nix.json"],
    says: "there is no file nix.json",
  },
  {
    args: ["train", "decision-tree", "--hyperparameter", "a=1", "--hyperparameter", "a=2"],
    says: '"a" is given twice',
  },
  { args: ["serve", "decision-tree", "--port", "65536"], says: "Expected a port from 0 to 65535" },
  { args: ["predict", "nix.csv"], says: "there is no file nix.csv" },
  { args: ["predict", "LICENSE"], says: "give --content-type (known: .csv" },
])("wrong usage is one line on stderr and exit code 2: $args", async ({ args, says }) => {
  const { exitCode, stdout, stderr } = await byoc(...args);
  expect(stderr).toContain(says);
  expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
});

test("help is on stdout at both levels, also when nothing is asked for", async () => {
  const [none, all, train, helpTrain] = await Promise.all([
    byoc(),
    byoc("--help"),
    byoc("train", "--help"),
    byoc("help", "train"),
  ]);
  expect(none).toEqual(all);
  expect(all.exitCode).toBe(0);
  for (const command of ["train", "serve", "predict", "doctor"])
    expect(all.stdout).toContain(command);
  expect(train.stdout).toContain("--channel <name=path>");
  expect(train.stdout).not.toContain("--image");
  expect(helpTrain).toEqual(train);
});

test("the help fits a terminal of 80 characters", async () => {
  const { stdout } = await byoc("--help");
  expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
});

test("an image is refused with a reason as long as no runner takes one", async () => {
  const { exitCode, stderr } = await byoc("train", "decision-tree", "--image", "x");
  expect({ exitCode, stderr }).toEqual({
    exitCode: 2,
    stderr: "byoc: --image is not there yet; leave it out to run the code itself\n",
  });
});

test("a file of hyperparameters that holds no object is refused", async () => {
  const dir = await mkdtemp(join(tmpdir(), "byoc-test-"));
  try {
    const file = join(dir, "hyperparameters.json");
    await writeFile(file, "[1]");
    const { exitCode, stderr } = await byoc("train", "decision-tree", "--hyperparameters", file);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("holds no JSON object");
  } finally {
    await rm(dir, { recursive: true });
  }
});

test("the doctor says one of three words first, and how to mend what is amiss", async () => {
  const { exitCode, stdout } = await byoc("doctor");
  const lines = stdout.trimEnd().split("\n");
  for (const line of lines) expect(line).toMatch(/^(ok {4}|warn {2}|fail {2}| {6})/);
  expect(stdout).toMatch(/^ok {4}Node\.js in use +v24\./m);
  expect(exitCode).toBe(lines.some((line) => line.startsWith("fail")) ? 1 : 0);
});
