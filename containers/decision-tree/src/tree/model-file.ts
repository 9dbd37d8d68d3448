import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { InputError } from "@byoc/errors";
import type { Tree } from "./tree.ts";

/** The file of the model folder that holds the model. */
export const MODEL_FILE = "model.json";

const FORMAT = "byoc-decision-tree";
const VERSION = 1;

/** What model.json says: enough to predict, and to know later where the tree came from. */
export interface ModelFile {
  readonly format: typeof FORMAT;
  readonly version: typeof VERSION;
  /** The labels as they were written in the training data. */
  readonly classes: readonly string[];
  readonly columns: number;
  /** Null when neither a header nor a hyperparameter gave them. */
  readonly featureNames: readonly string[] | null;
  readonly tree: Tree;
  /** How the tree was trained. */
  readonly training: {
    readonly library: string;
    readonly rows: number;
    readonly hyperparameters: Readonly<Record<string, unknown>>;
  };
}

/** The text of model.json; the same model gives the same bytes. */
export const formatModelFile = (model: Omit<ModelFile, "format" | "version">): string =>
  `${JSON.stringify({ format: FORMAT, version: VERSION, ...model })}\n`;

/**
 * Reads the model folder.
 *
 * @throws InputError MODEL_MISSING when there is no model.json, MODEL_FORMAT when it is not one of this container
 */
export const readModelFile = (modelDir: string): ModelFile => {
  const file = path.join(modelDir, MODEL_FILE);
  if (!existsSync(file)) throw new InputError("MODEL_MISSING", describeMissing(modelDir));
  let model: Partial<ModelFile> | null;
  try {
    model = JSON.parse(readFileSync(file, "utf8")) as Partial<ModelFile> | null;
  } catch (error) {
    throw formatError(`this is not JSON: ${(error as Error).message}`, error);
  }
  if (model?.format !== FORMAT)
    throw formatError("this is no model of the decision-tree container");
  if (model.version !== VERSION) {
    throw formatError(`version ${model.version} cannot be read, this container reads ${VERSION}`);
  }
  return model as ModelFile;
};

const describeMissing = (modelDir: string): string => {
  const isNested = existsSync(path.join(modelDir, "model", MODEL_FILE));
  return isNested
    ? `${MODEL_FILE} lies in ${modelDir}/model: model.tar.gz must hold the files themselves, and no folder around them`
    : `there is no ${MODEL_FILE} in ${modelDir}; has the training finished, and is this its model?`;
};

const formatError = (problem: string, cause?: unknown): InputError =>
  new InputError("MODEL_FORMAT", problem, { file: MODEL_FILE, cause });
