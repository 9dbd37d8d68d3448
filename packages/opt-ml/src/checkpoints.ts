import { readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { InputError, quote } from "@byoc/errors";
import { log } from "@byoc/metrics";
import { syncFolder, TEMPORARY_PREFIX } from "./atomic-file.ts";
import {
  type CheckpointParts,
  readCheckpointFile,
  writeCheckpointFile,
} from "./checkpoint-file.ts";
import type { Cluster } from "./cluster.ts";
import { readConfigFile } from "./config-file.ts";
import type { Paths } from "./paths.ts";

/** What was saved, and at which step of the training. */
export interface Checkpoint {
  /** Epoch, tree or iteration after which it was saved; a whole number from 0. */
  readonly step: number;
  readonly parts: CheckpointParts;
}

/**
 * The job's checkpoints, in the folder that SageMaker keeps in S3 while the job runs.
 *
 * Every host has its own: SageMaker keeps those of all hosts in one place, so the rank is part of the file name.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/model-checkpoints.html
 */
export interface Checkpoints {
  /** `/opt/ml/checkpoints`, or the `LocalPath` of the job's checkpoint configuration. */
  readonly dir: string;
  /**
   * Saves a checkpoint, whole or not at all, and removes all but the newest few.
   *
   * Synchronous, so that an algorithm that never yields can call it from its inner loop.
   *
   * @param step A whole number from 0 that grows from checkpoint to checkpoint.
   */
  save(step: number, parts: CheckpointParts): void;
  /** The newest checkpoint that is whole; damaged ones are skipped with a warning. */
  latest(): Checkpoint | undefined;
}

/** How checkpoints are kept. */
export interface CheckpointsOptions {
  /** The newest that stay, from 1; default 3. SageMaker deletes removed ones from S3 too. */
  readonly keepLast?: number;
  /** Called after each complete save. */
  readonly onSaved?: (checkpoint: { step: number; file: string }) => void;
}

const DEFAULT_KEEP_LAST = 3;

/**
 * Finds the job's checkpoint folder; it is made when the first checkpoint is saved.
 *
 * @throws InputError CONFIG_FILE when checkpointconfig.json is damaged
 */
export const openCheckpoints = (
  paths: Paths,
  cluster: Pick<Cluster, "rank">,
  { keepLast = DEFAULT_KEEP_LAST, onSaved }: CheckpointsOptions = {},
): Checkpoints => {
  if (!Number.isInteger(keepLast) || keepLast < 1) {
    throw new RangeError(`keepLast must be a whole number from 1, found ${keepLast}`);
  }
  const dir = readCheckpointDir(paths);
  const files = checkpointFiles(dir, cluster.rank);
  return {
    dir,
    save(step, parts) {
      const file = files.pathOf(step);
      try {
        writeCheckpointFile(file, step, parts);
      } catch (error) {
        const problem = `checkpoint of step ${step} cannot be written to ${dir}: ${(error as Error).message}`;
        throw new InputError("CHECKPOINT_WRITE", problem, { cause: error });
      }
      onSaved?.({ step, file });
      files.removeBefore(file, keepLast);
    },
    latest() {
      for (const file of files.newestFirst()) {
        try {
          return readCheckpointFile(file);
        } catch (error) {
          log.warn(`skipped checkpoint ${file}: ${(error as Error).message}`);
        }
      }
      return undefined;
    },
  };
};

const readCheckpointDir = ({ inputConfigDir, defaultCheckpointDir }: Paths): string => {
  const localPath = readConfigFile(inputConfigDir, "checkpointconfig.json")?.["LocalPath"];
  if (localPath === undefined || localPath === null) return defaultCheckpointDir;
  if (typeof localPath === "string" && path.isAbsolute(localPath)) return localPath;
  const found = quote(JSON.stringify(localPath));
  throw new InputError("CONFIG_FILE", `"LocalPath" must be an absolute path, found ${found}`, {
    file: "checkpointconfig.json",
  });
};

interface CheckpointFiles {
  pathOf(step: number): string;
  newestFirst(): readonly string[];
  removeBefore(newest: string, keepLast: number): void;
}

/** This host's files in the folder: `checkpoint-rank0-000000012.ckpt`. */
const checkpointFiles = (dir: string, rank: number): CheckpointFiles => {
  const prefix = `checkpoint-rank${rank}-`;
  const suffix = ".ckpt";
  const stepOf = (name: string): number | undefined => {
    if (!name.startsWith(prefix) || !name.endsWith(suffix)) return undefined;
    const digits = name.slice(prefix.length, -suffix.length);
    return /^\d+$/u.test(digits) ? Number(digits) : undefined;
  };
  const stepsNewestFirst = (): readonly { file: string; step: number }[] =>
    listNames(dir)
      .flatMap((name) => {
        const step = stepOf(name);
        return step === undefined ? [] : [{ file: path.join(dir, name), step }];
      })
      .toSorted((left, right) => right.step - left.step);
  return {
    pathOf(step) {
      if (!Number.isSafeInteger(step) || step < 0) {
        throw new RangeError(`a checkpoint's step must be a whole number from 0, found ${step}`);
      }
      return path.join(dir, `${prefix}${String(step).padStart(9, "0")}${suffix}`);
    },
    newestFirst: () => stepsNewestFirst().map(({ file }) => file),
    removeBefore(newest, keepLast) {
      const own = stepsNewestFirst();
      const position = own.findIndex(({ file }) => file === newest);
      // Steps above the one just saved are left from a run that it replaces; they would be resumed from by mistake.
      const stale = [...own.slice(0, position), ...own.slice(position + keepLast)];
      const abandoned = listNames(dir)
        .filter((name) => name.startsWith(TEMPORARY_PREFIX) && name.includes(prefix))
        .map((name) => path.join(dir, name));
      for (const file of [...stale.map((entry) => entry.file), ...abandoned]) {
        rmSync(file, { force: true });
      }
      syncFolder(dir);
    },
  };
};

const listNames = (dir: string): readonly string[] => {
  try {
    return readdirSync(dir);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
};
