import assert from "node:assert/strict";
import { chmod, readdir } from "node:fs/promises";
import { createTree, type Tree } from "@byoc/opt-ml/testing";
import type { Container } from "../../container.ts";
import { runImage } from "./container.ts";

/** Makes the tree that the container is tried with, readable for any user. */
export const createTrialTree = async ({ channels, hyperparameters }: Container): Promise<Tree> => {
  const tree = await createTree({ channels, hyperparameters });
  await chmod(tree.baseDir, 0o755);
  return tree;
};

/** Trains as SageMaker starts it, with further flags of `docker run`; leaves the model in the tree. */
export const checkTraining = async (
  image: string,
  { baseDir, paths }: Tree,
  flags: readonly string[] = [],
): Promise<string> => {
  const { exitCode, output } = await runImage(image, {
    flags: ["--volume", `${baseDir}:/opt/ml`, ...flags],
    args: ["train"],
  });
  assert.equal(exitCode, 0, output);
  const files = await readdir(paths.modelDir);
  assert.notDeepEqual(files, [], `no model\n${output}`);
  return files.join(", ");
};

/** Some of SageMaker's callers give no argument: that is training, and without data it fails with a reason. */
export const checkFailure = async (image: string): Promise<string> => {
  const tree = await createTree();
  try {
    const flags = ["--volume", `${tree.baseDir}:/opt/ml`];
    const { exitCode, output } = await runImage(image, { flags });
    assert.equal(exitCode, 1, output);
    const failure = tree.readFailure() ?? "";
    assert.notEqual(failure, "", `no failure file\n${output}`);
    return failure.split("\n")[0] ?? "";
  } finally {
    await tree.close();
  }
};

/** The compile cache in the image is used: the build ran the same Node.js on the same paths. */
export const checkCompileCache = async (image: string, { baseDir }: Tree): Promise<string> => {
  const { output } = await runImage(image, {
    flags: ["--volume", `${baseDir}:/opt/ml`, "--env", "NODE_DEBUG_NATIVE=COMPILE_CACHE"],
    args: ["train"],
  });
  const hits = output.match(/V8 code cache for .+ was accepted/g)?.length ?? 0;
  const misses = output.match(/V8 code cache for .+ was not initialized/g)?.length ?? 0;
  assert.ok(hits > 0, output);
  assert.equal(misses, 0, output);
  return `${hits} modules found, none compiled`;
};
