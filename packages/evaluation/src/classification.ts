/** How well a classifier does on one class; each score lies between 0 and 1. */
export interface ClassScores {
  readonly label: string;
  /** The share of the rows predicted as this class that are of it; 0 when none was predicted. */
  readonly precision: number;
  /** The share of the rows of this class that were predicted as it; 0 when there are none. */
  readonly recall: number;
  /** The harmonic mean of both; 0 when the class neither occurs nor was predicted. */
  readonly f1: number;
  /** The rows that are of this class. */
  readonly support: number;
}

/** Scores of a classifier on labelled rows; plain data that `JSON.stringify` writes and `JSON.parse` reads back. */
export interface ClassificationEvaluation {
  readonly rows: number;
  /** The share of rows that were predicted right, between 0 and 1; 0 when there are no rows. */
  readonly accuracy: number;
  /** One for each class, in the order in which they were given. */
  readonly classes: readonly ClassScores[];
  /** Means over all classes, each class counted alike; 0 when there are no classes. */
  readonly macro: { readonly precision: number; readonly recall: number; readonly f1: number };
  readonly confusionMatrix: {
    readonly labels: readonly string[];
    /** Rows are the actual classes, columns the predicted ones, both in the order of `labels`. */
    readonly counts: readonly (readonly number[])[];
  };
}

/** What a classifier said about labelled rows. */
export interface ClassificationResults {
  /** The labels; a class is an index into them. */
  readonly classes: readonly string[];
  /** int32, the class of each row. */
  readonly actual: Int32Array;
  /** int32, the class predicted for each row; as long as `actual`. */
  readonly predicted: Int32Array;
}

/**
 * Scores a classifier: accuracy, precision, recall and F1 of each class, their means and the confusion matrix.
 *
 * The scores are those of scikit-learn with `labels` set to all classes and `zero_division=0`: a class that does not
 * occur lowers the means.
 *
 * @throws {RangeError} when the arrays differ in length or hold anything but indices into `classes`.
 * @see https://scikit-learn.org/stable/modules/generated/sklearn.metrics.precision_recall_fscore_support.html
 */
export const evaluateClassification = ({
  classes,
  actual,
  predicted,
}: ClassificationResults): ClassificationEvaluation => {
  const counts = countConfusions(classes.length, actual, predicted);
  const scores = classes.map((label, index) => scoreClass(label, index, counts));
  const correct = sum(counts.map((row, index) => row[index] ?? 0));

  return {
    rows: actual.length,
    accuracy: divide(correct, actual.length),
    classes: scores,
    macro: {
      precision: mean(scores.map(({ precision }) => precision)),
      recall: mean(scores.map(({ recall }) => recall)),
      f1: mean(scores.map(({ f1 }) => f1)),
    },
    confusionMatrix: { labels: [...classes], counts },
  };
};

const countConfusions = (size: number, actual: Int32Array, predicted: Int32Array): number[][] => {
  if (actual.length !== predicted.length) {
    throw new RangeError(`${predicted.length} predictions for ${actual.length} rows`);
  }
  const counts = Array.from({ length: size }, () => Array.from({ length: size }, () => 0));
  actual.forEach((actualClass, row) => {
    const predictedClass = predicted[row] ?? -1;
    const count = counts[actualClass]?.[predictedClass];
    if (count === undefined) {
      const found = `${actualClass} predicted as ${predictedClass}`;
      throw new RangeError(`row ${row}: found class ${found}, expected indices below ${size}`);
    }
    counts[actualClass]![predictedClass] = count + 1;
  });
  return counts;
};

const scoreClass = (label: string, index: number, counts: readonly number[][]): ClassScores => {
  const correct = counts[index]?.[index] ?? 0;
  const support = sum(counts[index] ?? []);
  const predictions = sum(counts.map((row) => row[index] ?? 0));
  return {
    label,
    precision: divide(correct, predictions),
    recall: divide(correct, support),
    f1: divide(2 * correct, predictions + support),
    support,
  };
};

/** A share where nothing of nothing is 0. */
const divide = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);

const mean = (values: readonly number[]): number => divide(sum(values), values.length);
