import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Matrix } from "@byoc/table";
import type { ClassPredictions, Service } from "../src/service.ts";

/** A decision tree in arrays, one element a node; a leaf has the column -1. */
export interface SmallTree {
  readonly classes: readonly string[];
  readonly columns: number;
  readonly column: Int32Array;
  readonly threshold: Float64Array;
  /** The node for values below the threshold, at a leaf the class; the next one is for the others. */
  readonly below: Int32Array;
}

const COLUMNS = 4;
const CLASSES = ["setosa", "versicolor", "virginica"];

/** Writes a complete tree with so many splits from root to leaf as JSON, an object a node, as a library would. */
export const writeTree = async (folder: string, depth: number): Promise<void> => {
  const grow = (level: number): object =>
    level === depth
      ? { counts: CLASSES.map(() => Math.floor(Math.random() * 50)) }
      : {
          column: level % COLUMNS,
          threshold: Math.random() * 8,
          below: grow(level + 1),
          above: grow(level + 1),
        };
  await mkdir(folder, { recursive: true });
  const model = { classes: CLASSES, columns: COLUMNS, tree: grow(0) };
  await writeFile(join(folder, "model.json"), JSON.stringify(model));
};

interface Node {
  readonly column?: number;
  readonly threshold?: number;
  readonly below?: Node;
  readonly above?: Node;
  readonly counts?: readonly number[];
}

const load = (modelDir: string): SmallTree => {
  const text = readFileSync(join(modelDir, "model.json"), "utf8");
  const model = JSON.parse(text) as { classes: string[]; columns: number; tree: Node };
  const nodes = [model.tree];
  const firstChild: number[] = [];
  for (const node of nodes) {
    firstChild.push(nodes.length);
    if (node.below !== undefined && node.above !== undefined) nodes.push(node.below, node.above);
  }
  const pickClass = ({ counts = [] }: Node): number => counts.indexOf(Math.max(...counts));
  return {
    classes: model.classes,
    columns: model.columns,
    column: Int32Array.from(nodes, (node) => node.column ?? -1),
    threshold: Float64Array.from(nodes, (node) => node.threshold ?? 0),
    below: Int32Array.from(nodes, (node, at) => (node.below ? firstChild[at]! : pickClass(node))),
  };
};

const predict = (tree: SmallTree, { values, rows, columns }: Matrix): ClassPredictions => {
  const indices = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    let node = 0;
    for (let column = tree.column[0]!; column >= 0; column = tree.column[node]!) {
      const isAbove = values[row * columns + column]! >= tree.threshold[node]!;
      node = tree.below[node]! + Number(isAbove);
    }
    indices[row] = tree.below[node]!;
  }
  return { kind: "classes", classes: tree.classes, indices };
};

/** The service of such trees. */
export const treeService: Service<SmallTree> = {
  modelDir: "/opt/ml/model",
  load,
  predict,
  input: ({ columns }) => ({ columns }),
  cost: "short",
};
