import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { InputError } from "@byoc/errors";
import { syncFolder, TEMPORARY_PREFIX } from "../atomic-file.ts";

const STAGING_PREFIX = `${TEMPORARY_PREFIX}model-`;

/**
 * Makes the folder in which a model is put together, inside the model folder but hidden, so that renaming is enough to
 * publish it.
 *
 * What an earlier run left behind is removed.
 *
 * @throws InputError MODEL_DIR when the model folder cannot be written
 */
export const createStaging = (modelDir: string): string => {
  try {
    mkdirSync(modelDir, { recursive: true });
    discardStaging(modelDir);
    return mkdtempSync(path.join(modelDir, STAGING_PREFIX));
  } catch (error) {
    const problem = `the model folder ${modelDir} cannot be written: ${(error as Error).message}`;
    const advice = "SageMaker runs containers as root: is there a USER in the Dockerfile?";
    throw new InputError("MODEL_DIR", `${problem}; ${advice}`, { cause: error });
  }
};

/**
 * Moves everything that was put together into the model folder, in place of what has the same name.
 *
 * @returns the names that now lie in the model folder; none when nothing had been put together
 */
export const publishModel = (modelDir: string): readonly string[] => {
  const names: string[] = [];
  for (const staging of listStaging(modelDir)) {
    for (const name of readdirSync(staging)) {
      const target = path.join(modelDir, name);
      // A folder cannot be renamed onto one that holds files.
      rmSync(target, { recursive: true, force: true });
      renameSync(path.join(staging, name), target);
      names.push(name);
    }
  }
  discardStaging(modelDir);
  if (names.length > 0) syncFolder(modelDir);
  return names;
};

/** Removes a model that is not whole. */
export const discardStaging = (modelDir: string): void => {
  for (const staging of listStaging(modelDir)) rmSync(staging, { recursive: true, force: true });
};

const listStaging = (modelDir: string): readonly string[] =>
  existsSync(modelDir)
    ? readdirSync(modelDir)
        .filter((name) => name.startsWith(STAGING_PREFIX))
        .map((name) => path.join(modelDir, name))
    : [];
