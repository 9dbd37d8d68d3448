import {
  type ClassificationEvaluation,
  confusionMatrixToSvg,
  evaluateClassification,
  formatConfusionMatrix,
} from "@byoc/evaluation";
import { defineMetrics, log } from "@byoc/metrics";
import { runTraining, type TrainingJob } from "@byoc/opt-ml";
import { type Dataset, nameFeatures, readDataset, splitStratified } from "./dataset.ts";
import { hyperparameters, type Settings } from "./hyperparameters.ts";
import { estimateSeconds, fit, type Model, predict, save } from "./model.ts";
import { drawTree } from "./tree/draw-tree.ts";
import { countLeaves, measureDepth } from "./tree/tree.ts";

/** What a tuning job can optimise, and CloudWatch shows. */
export const metrics = defineMetrics({
  "train:accuracy": "Share of the training rows that the tree labels right",
  "validation:accuracy": "Share of the validation rows that the tree labels right",
  "validation:macro_f1": "F1 score on the validation rows, the mean over the classes",
  "test:accuracy": "Share of the rows of the test channel that the tree labels right",
  "tree:leaves": "Number of leaves",
  "tree:depth": "Most splits from the root to a leaf",
});

/** Trains a decision tree on the training channel and saves it to the model folder. */
export const train = (): Promise<void> =>
  runTraining({ hyperparameters }, async (job) => {
    const [training, validation] = await readData(job);
    announce(training);

    const model = await fit(training, job.hyperparameters);
    metrics.log({ "tree:leaves": countLeaves(model.tree), "tree:depth": measureDepth(model.tree) });

    metrics.log({ "train:accuracy": evaluate(model, training).accuracy });
    // A set so small that nothing can be held out is evaluated on what it learned from.
    const evaluation = evaluate(model, validation.labels.length > 0 ? validation : training);
    if (validation.labels.length > 0) {
      metrics.log({
        "validation:accuracy": evaluation.accuracy,
        "validation:macro_f1": evaluation.macro.f1,
      });
    } else {
      log.warn(
        "no row is held out: the evaluation says how well the tree fits its own training rows",
      );
    }
    save(model, job.modelDir);
    writeReport(job, model, evaluation);
    await evaluateTest(job, model, training);
  });

/** The rows to learn from and those to choose by: the validation channel, or a part held out. */
const readData = async ({
  channels,
  hyperparameters: settings,
}: TrainingJob<Settings>): Promise<[training: Dataset, validation: Dataset]> => {
  const data = nameFeatures(await readDataset(channels.training), settings);
  return channels.validation === undefined
    ? splitStratified(data, settings)
    : [data, await readDataset(channels.validation, data)];
};

const ANNOUNCED_SECONDS = 60;

const announce = ({ features, classes }: Dataset): void => {
  log.info(
    `${features.rows} rows to learn from, ${features.columns} features, ${classes.length} classes`,
  );
  if (classes.length === 1) {
    log.warn(`every row has the label ${classes[0]}: the model will always answer it`);
  }
  const seconds = estimateSeconds(features);
  if (seconds > ANNOUNCED_SECONDS) {
    log.warn(
      `ml-cart will take about ${formatDuration(seconds)}: its time grows almost with the square of the rows`,
    );
  }
};

const evaluate = (
  model: Model,
  { features, labels, classes }: Dataset,
): ClassificationEvaluation => {
  const predicted = Int32Array.from(predict(model, features).indices);
  return evaluateClassification({ classes, actual: labels, predicted });
};

const writeReport = (
  job: TrainingJob<Settings>,
  model: Model,
  evaluation: ClassificationEvaluation,
): void => {
  const { text, svg } = drawTree(model);
  log.info(text);
  log.info(formatConfusionMatrix(evaluation));
  job.writeOutput("evaluation.json", `${JSON.stringify(evaluation, undefined, 2)}\n`);
  job.writeOutput(
    "confusion-matrix.svg",
    confusionMatrixToSvg(evaluation, { title: "Confusion matrix" }),
  );
  job.writeOutput("tree.svg", svg);
  job.writeOutput("tree.txt", `${text}\n`);
};

/** The test channel is looked at once, when everything is decided. */
const evaluateTest = async (
  job: TrainingJob<Settings>,
  model: Model,
  training: Dataset,
): Promise<void> => {
  if (job.channels.test === undefined) return;
  const evaluation = evaluate(model, await readDataset(job.channels.test, training));
  metrics.log({ "test:accuracy": evaluation.accuracy });
  job.writeOutput("test-evaluation.json", `${JSON.stringify(evaluation, undefined, 2)}\n`);
};

const formatDuration = (seconds: number): string =>
  seconds < 7200 ? `${Math.round(seconds / 60)} minutes` : `${Math.round(seconds / 3600)} hours`;
