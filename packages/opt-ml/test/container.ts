import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterEach } from "vitest";
import {
  type ContainerProcess,
  type ContainerResult,
  createTree,
  startContainer,
  type Tree,
  type TreeOptions,
} from "../src/testing/index.ts";

/** A container whose behaviour is a hyperparameter. */
export const main: string = path.join(import.meta.dirname, "fixtures/main.ts");

const trees: Tree[] = [];

afterEach(async () => {
  await Promise.all(trees.splice(0).map((tree) => tree.close()));
});

/** A tree for a container that behaves as told, removed after the test. */
export const makeTree = async (behaviour: string, options: TreeOptions = {}): Promise<Tree> => {
  const hyperparameters = { behaviour, ...options.hyperparameters };
  const tree = await createTree({ ...options, hyperparameters });
  trees.push(tree);
  return tree;
};

export const listModel = (tree: Tree): readonly string[] => readdirSync(tree.paths.modelDir);

export const readModel = (tree: Tree): string =>
  readFileSync(path.join(tree.paths.modelDir, "model.json"), "utf8");

/** Starts a training and waits until it computes; SIGTERM comes as SageMaker sends it, to the first process only. */
export const startComputing = async (
  tree: Tree,
  environment: Readonly<Record<string, string>> = {},
): Promise<ContainerProcess> => {
  const container = startContainer({ main, command: "train", tree, environment });
  await container.waitForLine(/^computing$/u);
  return container;
};

/** What came of a training that was told to stop. */
export interface Stopped extends ContainerResult {
  readonly tree: Tree;
  /** From the first signal to the end. */
  readonly seconds: number;
}

/** Starts a training, and stops it once it computes. */
export const stopComputing = async (
  behaviour: string,
  {
    signal = "SIGTERM",
    delaysMs = [0],
    ...options
  }: TreeOptions & { signal?: NodeJS.Signals; delaysMs?: readonly number[] } = {},
): Promise<Stopped> => {
  const tree = await makeTree(behaviour, options);
  const container = await startComputing(tree);
  const start = performance.now();
  for (const delayMs of delaysMs) setTimeout(() => container.process.kill(signal), delayMs);
  const result = await container.result;
  return { tree, seconds: (performance.now() - start) / 1000, ...result };
};

/** The process that computes under the eyes of the given one. */
export const findChild = (pid: number | undefined): number =>
  Number(readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ")[0]);
