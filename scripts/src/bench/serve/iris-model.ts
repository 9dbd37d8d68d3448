import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createTree } from "@byoc/opt-ml/testing";
import { loadContainer } from "../../container.ts";
import type { TextRows } from "./protocols.ts";
import { runTool } from "./tools.ts";

/** The decision tree that every contender serves, trained on iris by our own container. */
export interface IrisModel {
  /** `main.ts` of the container. */
  readonly entry: string;
  /** For the container's process: where its /opt/ml is. */
  readonly environment: Readonly<Record<string, string>>;
  /** model.json, absolute. */
  readonly file: string;
  /** The labels that every contender must answer, a row each. */
  label(rows: TextRows): string[];
}

/** How it is trained. */
export interface TrainingOptions {
  /** The folder for its /opt/ml. */
  readonly dir: string;
  /** For the training, beside this process's own. */
  readonly environment: Readonly<Record<string, string>>;
  /** `main.ts` of the container; undefined for the one of this repository. */
  readonly entry: string | undefined;
}

/** Trains it with the container's `train` command. */
export const trainIris = async ({
  dir,
  environment,
  entry,
}: TrainingOptions): Promise<IrisModel> => {
  const container = await loadContainer("decision-tree");
  const { channels, hyperparameters } = container;
  const main = entry ?? container.entry;
  const tree = await createTree({ baseDir: join(dir, "ml"), channels, hyperparameters });
  await tree.close();
  await runTool([process.execPath, main, "train"], { ...environment, ...tree.environment });
  const file = join(tree.paths.modelDir, "model.json");
  const model = JSON.parse(readFileSync(file, "utf8")) as ModelFile;
  return {
    entry: main,
    environment: tree.environment,
    file,
    label: (rows) => rows.map((row) => findLabel(model, row.map(Number))),
  };
};

interface ModelFile {
  readonly classes: readonly string[];
  readonly tree: Node;
}

type Node =
  | { readonly counts: readonly number[] }
  | {
      readonly column: number;
      readonly threshold: number;
      readonly below: Node;
      readonly above: Node;
    };

/** Walks the file's own nodes: no code of the container, which is what this checks. */
const findLabel = ({ classes, tree }: ModelFile, row: readonly number[]): string => {
  let node = tree;
  while (!("counts" in node)) {
    node = (row[node.column] ?? Number.NaN) < node.threshold ? node.below : node.above;
  }
  return classes[node.counts.indexOf(Math.max(...node.counts))] ?? "";
};
