import type { ClassPredictions, Predictions, Rows } from "../service.ts";

/**
 * A container that answers more or fewer rows than it was asked has a bug, which must not reach the client as an answer.
 *
 * @throws Error that says what does not fit; answered with 500
 */
export const checkPredictions = (predictions: Predictions, rows: Rows): void => {
  const answered = countPredictions(predictions);
  // A raw body counts as one row, whatever it holds; its model alone knows how many answers it has.
  if (answered !== rows.rows && !("bytes" in rows)) {
    throw new Error(`predict() answered ${answered} rows for ${rows.rows} rows`);
  }
  if (predictions.kind === "classes") checkClasses(predictions);
};

/** The number of rows that were answered. */
const countPredictions = (predictions: Predictions): number =>
  predictions.kind === "values" ? predictions.values.length : predictions.indices.length;

/** The same for a part of a stream, which may answer any number of rows. */
export const checkClasses = ({ classes, indices, probabilities }: ClassPredictions): void => {
  for (let row = 0; row < indices.length; row++) {
    const index = indices[row]!;
    if (index < 0 || index >= classes.length) {
      throw new Error(
        `predict() answered the index of a class beyond its ${classes.length} classes`,
      );
    }
  }
  if (probabilities !== undefined && probabilities.length !== indices.length * classes.length) {
    throw new Error(
      `predict() answered ${probabilities.length} probabilities for ${indices.length} rows and ${classes.length} classes`,
    );
  }
};
