import type { Predictions } from "../service.ts";

/**
 * The predictions of one call as those of the requests in it; the parts are views of the same memory.
 *
 * @param rows How many rows each request has, in the order of the call.
 * @throws {Error} if there is not exactly one prediction for each row: a bug of the container.
 */
export const splitPredictions = (
  predictions: Predictions,
  rows: readonly number[],
): readonly Predictions[] => {
  checkLengths(
    predictions,
    rows.reduce((total, count) => total + count, 0),
  );
  let end = 0;
  return rows.map((count) => {
    end += count;
    return takeRows(predictions, end - count, end);
  });
};

const takeRows = (predictions: Predictions, from: number, to: number): Predictions => {
  if (predictions.kind === "values") {
    return { ...predictions, values: predictions.values.subarray(from, to) };
  }
  const { classes, indices, probabilities } = predictions;
  return {
    ...predictions,
    indices: indices.subarray(from, to),
    probabilities: probabilities?.subarray(from * classes.length, to * classes.length),
  };
};

const checkLengths = (predictions: Predictions, rows: number): void => {
  if (predictions.kind === "values") return checkLength("values", predictions.values.length, rows);
  const { classes, indices, probabilities } = predictions;
  checkLength("indices", indices.length, rows);
  if (probabilities !== undefined) {
    checkLength("probabilities", probabilities.length, rows * classes.length);
  }
};

const checkLength = (name: string, found: number, expected: number): void => {
  if (found === expected) return;
  throw new Error(
    `predict() gave ${found} ${name} for a batch that needs ${expected}; ` +
      "it must answer every row that it is given, or the service must not declare batching",
  );
};
