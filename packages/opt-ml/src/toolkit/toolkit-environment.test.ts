import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createTree } from "../testing/index.ts";
import { toToolkitEnvironment } from "./toolkit-environment.ts";
import { toCommandLineArguments } from "./toolkit-hyperparameters.ts";

/** What the real toolkit made of a tree; see test/fixtures/toolkit/generate.py. */
interface Recording {
  readonly toolkit: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly resourceconfig: unknown;
  readonly inputdataconfig: unknown;
  readonly hyperparameters: Readonly<Record<string, string>>;
  readonly variables: Readonly<Record<string, string>>;
  readonly userArguments: readonly string[];
}

const folder = path.join(import.meta.dirname, "../../test/fixtures/toolkit");
const names = readdirSync(folder).filter((name) => name.endsWith(".json"));

/** Settings of the machine that runs the tests. */
const INHERITED = ["SAGEMAKER_PROGRAM", "SAGEMAKER_TRAINING_MODULE", "AWS_DEFAULT_REGION"];

afterEach(() => {
  vi.unstubAllEnvs();
});

const run = async (recording: Recording) => {
  for (const name of [...INHERITED, "TRAINING_JOB_NAME"]) vi.stubEnv(name, undefined);
  for (const [name, value] of Object.entries(recording.environment)) vi.stubEnv(name, value);
  const tree = await createTree({
    configFiles: {
      "resourceconfig.json": recording.resourceconfig,
      "inputdataconfig.json": recording.inputdataconfig,
      "hyperparameters.json": recording.hyperparameters,
    },
  });
  const variables = toToolkitEnvironment(tree.paths);
  const userArguments = toCommandLineArguments(tree.paths);
  await tree.close();
  const text = JSON.stringify({ variables, userArguments }).replaceAll(tree.baseDir, "/opt/ml");
  return JSON.parse(text) as Pick<Recording, "variables" | "userArguments">;
};

describe.each(names)("the tree %s, as the real toolkit has read it", (name) => {
  const recording = JSON.parse(readFileSync(path.join(folder, name), "utf8")) as Recording;

  test("has the same variables", async () => {
    const { variables } = await run(recording);
    const { SM_NUM_CPUS: cpus, SM_NUM_GPUS: gpus, ...others } = variables;
    expect(cpus).toBe(String(availableParallelism()));
    expect(gpus).toMatch(/^\d+$/u);
    expect({
      ...others,
      SM_TRAINING_ENV: others["SM_TRAINING_ENV"]
        ?.replace(`"num_cpus":${cpus},`, "")
        .replace(`"num_gpus":${gpus},`, ""),
    }).toEqual(recording.variables);
  });

  test("has the same arguments", async () => {
    expect((await run(recording)).userArguments).toEqual(recording.userArguments);
  });
});

test("channels without inputdataconfig.json are known too", async () => {
  const tree = await createTree({
    channels: { training: { "a.csv": "" } },
    configFiles: { "inputdataconfig.json": "" },
  });
  expect(toToolkitEnvironment(tree.paths)).toMatchObject({
    SM_CHANNELS: '["training"]',
    SM_CHANNEL_TRAINING: path.join(tree.paths.inputDataDir, "training"),
  });
  await tree.close();
});
