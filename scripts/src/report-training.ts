import { readdir, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { listNames } from "@byoc/errors";
import { showBytes } from "./cli/terminal.ts";
import { showPath } from "./repository.ts";
import type { TrainingResult } from "./train-locally.ts";

/** The most files of a folder that are named. */
const MAX_NAMED_FILES = 6;

/** What a training left, and where: a line that names its tree, and one for each folder that holds something. */
export const describeResult = async ({ baseDir, paths }: TrainingResult): Promise<string[]> => {
  const folders = [paths.modelDir, paths.outputDataDir, paths.defaultCheckpointDir];
  const described = await Promise.all(
    folders.map(async (dir) => ({ name: relative(baseDir, dir), files: await listFiles(dir) })),
  );
  const filled = described.filter(({ files }) => files.length > 0);
  const width = Math.max(0, ...filled.map(({ name }) => name.length));
  return [
    `In ${showPath(baseDir)}:`,
    ...filled.map(
      ({ name, files }) =>
        `  ${name.padEnd(width)}  ${listNames(files, { conjunction: "and", most: MAX_NAMED_FILES })}`,
    ),
  ];
};

/** Whether a training left a model. */
export const hasModel = async ({ paths }: TrainingResult): Promise<boolean> =>
  (await listFiles(paths.modelDir)).length > 0;

/** The files of a folder, sorted; a single one with its size. Empty for a folder that is missing. */
const listFiles = async (dir: string): Promise<string[]> => {
  const found = await readdir(dir, { withFileTypes: true, recursive: true }).catch(() => []);
  const files = found
    .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
    .map((entry) => relative(dir, join(entry.parentPath, entry.name)));
  const [only, ...others] = files.toSorted();
  if (only === undefined || others.length > 0) return files.toSorted();
  const { size } = await stat(join(dir, only));
  return [`${only} (${showBytes(size)})`];
};
