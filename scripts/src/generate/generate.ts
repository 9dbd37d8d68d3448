import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Metrics } from "@byoc/metrics";
import {
  type Hyperparameters,
  toHyperParameterSpecifications,
  toMarkdownTable,
  toParameterRanges,
} from "@byoc/opt-ml";
import { formatJson, formatMarkdown } from "./format.ts";
import { type GeneratedFile, toGeneratedFile } from "./generated-file.ts";

interface Declarations {
  readonly hyperparameters: Hyperparameters<unknown>;
  readonly metrics: Metrics<string>;
}

/**
 * What follows from the hyperparameters and metrics that a container declares: the tables of its README, and
 * sagemaker.json with what CreateAlgorithm, a training job and a tuning job want to be told.
 *
 * @param containerDir Absolute; its src/hyperparameters.ts exports `hyperparameters`, its src/train.ts `metrics`.
 */
export const generateFiles = async (containerDir: string): Promise<readonly GeneratedFile[]> => {
  const declarations = await readDeclarations(containerDir);
  const readme = join(containerDir, "README.md");
  const files = [
    {
      file: join(containerDir, "sagemaker.json"),
      content: await formatJson(toSageMakerJson(declarations)),
    },
    {
      file: readme,
      content: await formatMarkdown(
        fillTables(readFileSync(readme, "utf8"), toTables(declarations)),
      ),
    },
  ];
  return files.map(({ file, content }) => toGeneratedFile(file, content));
};

const readDeclarations = async (containerDir: string): Promise<Declarations> => {
  const { hyperparameters } = (await import(join(containerDir, "src/hyperparameters.ts"))) as Pick<
    Declarations,
    "hyperparameters"
  >;
  const { metrics } = (await import(join(containerDir, "src/train.ts"))) as Pick<
    Declarations,
    "metrics"
  >;
  return { hyperparameters, metrics };
};

/** The keys are those of the requests that they are meant for. */
const toSageMakerJson = ({ hyperparameters, metrics }: Declarations): unknown => ({
  SupportedHyperParameters: toHyperParameterSpecifications(hyperparameters.parameters),
  MetricDefinitions: metrics.definitions,
  ParameterRanges: toParameterRanges(hyperparameters.parameters),
});

const toTables = ({
  hyperparameters,
  metrics,
}: Declarations): Readonly<Record<string, string>> => ({
  hyperparameters: toMarkdownTable(hyperparameters.parameters),
  metrics: [
    "| Metric | Meaning |",
    "| --- | --- |",
    ...Object.entries(metrics.descriptions).map(
      ([name, { description }]) => `| \`${name}\` | ${description} |`,
    ),
  ].join("\n"),
});

const MARKED = /<!-- generated: (?<name>[\w-]+) -->\n[^]*?<!-- end of generated -->/gu;

/** Replaces what stands between `<!-- generated: name -->` and `<!-- end of generated -->`. */
export const fillTables = (text: string, tables: Readonly<Record<string, string>>): string =>
  text.replaceAll(MARKED, (_block, name: string) => {
    const table = tables[name];
    if (table === undefined) throw new Error(`nothing generates the block ${name}`);
    return `<!-- generated: ${name} -->\n\n${table}\n\n<!-- end of generated -->`;
  });
