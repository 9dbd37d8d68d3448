import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { chooseConnections, createRows } from "./payloads.ts";
import type { Contender } from "./contenders.ts";
import type { IrisModel } from "./iris-model.ts";
import type { TextRows } from "./protocols.ts";
import { buildTree, prepareStack, type PythonStack } from "./python-stack.ts";

/** A request body of the comparison, and the labels that must come back. */
export interface Payload {
  readonly rows: number;
  readonly connections: number;
  readonly content: TextRows;
  readonly labels: readonly string[];
}

/** A contender with everything that it needs to be started. */
export interface PreparedContender {
  readonly contender: Contender;
  /** The container's `main.ts`. */
  readonly entry: string;
  readonly binDir: string;
  readonly environment: Readonly<Record<string, string>>;
  /** `Python 3.11.7: Flask 3.1.3, …`; undefined for what runs on Node.js. */
  readonly versions: string | undefined;
  /** The file with a payload's body in the contender's own format. */
  bodyFile(payload: Payload): string;
}

/** What every contender is prepared from. */
export interface Preparation {
  readonly model: IrisModel;
  readonly payloads: readonly Payload[];
  /** A temporary folder for models and bodies. */
  readonly dir: string;
  /** The Python that virtual environments are made with. */
  readonly python: string;
}

/** Rows of these counts with the labels that the model gives them. */
export const createPayloads = (counts: readonly number[], model: IrisModel): Payload[] =>
  counts.map((rows) => {
    const content = createRows(rows);
    return { rows, connections: chooseConnections(rows), content, labels: model.label(content) };
  });

/** Installs a contender's stack if need be, and writes its model and the bodies of its requests. */
export const prepareContender = async (
  contender: Contender,
  { model, payloads, dir, python }: Preparation,
): Promise<PreparedContender> => {
  const own = join(dir, contender.id);
  await mkdir(own, { recursive: true });
  const bodyFile = ({ rows }: Pick<Payload, "rows">): string => join(own, `${rows}-rows`);
  for (const payload of payloads) {
    await writeFile(bodyFile(payload), contender.protocol.encode(payload.content));
  }
  const base = { contender, entry: model.entry, bodyFile };
  if (contender.stack === undefined) {
    return { ...base, binDir: "", environment: model.environment, versions: undefined };
  }
  const stack = await prepareStack(contender.stack, python);
  const treeFile = join(own, "tree.pkl");
  await buildTree(stack, model.file, treeFile);
  return {
    ...base,
    binDir: stack.binDir,
    // The packages were compiled when they were installed; peers/ stays free of caches.
    environment: { BENCH_MODEL: treeFile, PYTHONDONTWRITEBYTECODE: "1" },
    versions: describe(stack),
  };
};

const describe = ({ python, versions }: PythonStack): string => `${python}: ${versions}`;
