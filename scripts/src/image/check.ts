/**
 * `npm run check:image`: builds the image of every container that has one, and runs it as SageMaker would. Where no
 * engine answers, it installs and starts one of its own if it may. Last line: `N passed, N failed, N skipped`.
 */
import { access } from "node:fs/promises";
import { join } from "node:path";
import type { Tree } from "@byoc/opt-ml/testing";
import { type Counts, type Part, showCounts } from "../check/part.ts";
import { runParts } from "../check/run-parts.ts";
import { say } from "../cli/terminal.ts";
import { type Container, loadContainer } from "../container.ts";
import { listContainers } from "../repository.ts";
import { createTrialTree } from "./checks/check-training.ts";
import { createImageParts } from "./checks/parts.ts";
import { type Engine, type NoEngine, openEngine } from "./engine/open-engine.ts";
import { readImage } from "./image.ts";

const listImageContainers = async (): Promise<Container[]> => {
  const containers = await Promise.all((await listContainers()).map(loadContainer));
  const found: Container[] = [];
  for (const container of containers) {
    const isThere = await access(join(container.dir, "Dockerfile")).then(
      () => true,
      () => false,
    );
    if (isThere) found.push(container);
  }
  return found;
};

let isStopped = false;

const skipWhenStopped = ({ name, run }: Part): Part => ({
  name,
  run: async () =>
    isStopped ? { counts: { passed: 0, failed: 0, skipped: 1 }, output: "" } : await run(),
});

/** Builds and runs every image; the parts of one share a tree, and so the model that its training leaves. */
const checkAll = async (containers: readonly Container[], nodeImage: string): Promise<Counts> => {
  const trees: Tree[] = [];
  const parts: Part[] = [];
  try {
    for (const container of containers) {
      const { name: image } = await readImage(container.dir);
      const tree = await createTrialTree(container);
      trees.push(tree);
      parts.push(...createImageParts({ container, image, nodeImage, tree }));
    }
    return await runParts(parts.map(skipWhenStopped));
  } finally {
    await Promise.all(trees.map((tree) => tree.close()));
  }
};

const check = async (): Promise<Counts> => {
  const containers = await listImageContainers();
  const [first] = containers;
  if (first === undefined) throw new Error("no container has a Dockerfile");
  let engine: Engine | NoEngine | undefined;
  // Told to end: what is running fails without its engine, the rest is skipped, and nothing is left behind.
  const stop = (): void => {
    isStopped = true;
    if (engine !== undefined && "close" in engine) void engine.close();
  };
  process.once("SIGINT", stop).once("SIGTERM", stop);
  engine = await openEngine((await readImage(first.dir)).nodeImage);
  if ("reason" in engine) {
    const counts = { passed: 0, failed: 0, skipped: containers.length };
    say(`SKIPPED: no image was built or run: ${engine.reason}`);
    say(showCounts(counts));
    return counts;
  }
  try {
    process.env["NODE_IMAGE"] = engine.nodeImage;
    return await checkAll(containers, engine.nodeImage);
  } finally {
    await engine.close();
  }
};

const counts = await check();
process.exitCode = counts.failed > 0 || isStopped ? 1 : 0;
