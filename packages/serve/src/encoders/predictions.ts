import type { ClassPredictions, Predictions } from "../service.ts";

/** The JSON objects of all rows with a separator between them, written without an object per row. */
export const joinPredictions = (predictions: Predictions, separator: string): string => {
  if (predictions.kind === "classes") return joinClasses(predictions, separator);
  let text = "";
  for (const value of predictions.values) {
    if (text !== "") text += separator;
    text += `{"value":${toJsonNumber(value)}}`;
  }
  return text;
};

const joinClasses = (
  { classes, indices, probabilities }: ClassPredictions,
  separator: string,
): string => {
  const labels = classes.map((label) => JSON.stringify(label));
  let text = "";
  for (const [row, index] of indices.entries()) {
    if (row > 0) text += separator;
    text += `{"label":${labels[index]}`;
    if (probabilities !== undefined) {
      text += ',"probabilities":{';
      for (const [place, label] of labels.entries()) {
        if (place > 0) text += ",";
        text += `${label}:${toJsonNumber(probabilities[row * labels.length + place])}`;
      }
      text += "}";
    }
    text += "}";
  }
  return text;
};

/** JSON has no NaN and no infinity: they are null, as `JSON.stringify` has it. */
const toJsonNumber = (value: number | undefined): string =>
  Number.isFinite(value) ? String(value) : "null";
