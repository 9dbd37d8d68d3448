import type { ClassPredictions, Predictions } from "../service.ts";
import { RowMemo } from "./row-memo.ts";
import type { AddText } from "./text-sink.ts";

/** What stands around the objects of rows. */
export interface RowEnds {
  /** Before every row but the first. */
  readonly before: string;
  /** After every row. */
  readonly after: string;
}

/** Fewer rows are written faster than a memo is made. */
const MIN_MEMO_ROWS = 32;

/**
 * Writes the JSON object of each row, without an object per row: `{"label": …, "probabilities": {…}}` or `{"value": …}`.
 *
 * Numbers that are not finite are null, as `JSON.stringify` has it.
 */
export const writeJsonRows = (predictions: Predictions, ends: RowEnds, add: AddText): void => {
  if (predictions.kind === "classes") {
    const { indices, probabilities } = predictions;
    const writeRow =
      probabilities === undefined
        ? createLabelRow(predictions, ends)
        : createProbabilityRow(predictions, probabilities, ends);
    for (let row = 0; row < indices.length; row++) add(writeRow(row));
    return;
  }
  const { values } = predictions;
  for (let row = 0; row < values.length; row++) {
    add(`${row === 0 ? "" : ends.before}{"value":${toJsonNumber(values[row]!)}}${ends.after}`);
  }
};

/** The text of one row, with what stands before and after it. */
type RowText = (row: number) => string;

const createLabelRow = ({ classes, indices }: ClassPredictions, ends: RowEnds): RowText => {
  const texts: string[] = [];
  const toText = (index: number): string =>
    `{"label":${JSON.stringify(classes[index])}}${ends.after}`;
  return (row) => {
    const index = indices[row]!;
    if (row === 0) return toText(index);
    return (texts[index] ??= ends.before + toText(index));
  };
};

const createProbabilityRow = (
  { classes, indices }: ClassPredictions,
  probabilities: Float32Array | Float64Array,
  ends: RowEnds,
): RowText => {
  const labels = classes.map((label) => JSON.stringify(label));
  const names = labels.map((label, index) => `${index === 0 ? "" : ","}${label}:`);

  const toText: RowText = (row) => {
    const offset = row * classes.length;
    const before = row === 0 ? "" : ends.before;
    let text = `${before}{"label":${labels[indices[row]!]},"probabilities":{`;
    for (let index = 0; index < names.length; index++) {
      text += names[index]! + toJsonNumber(probabilities[offset + index]!);
    }
    return `${text}}}${ends.after}`;
  };
  if (indices.length < MIN_MEMO_ROWS) return toText;

  const memo = new RowMemo(indices, probabilities, classes.length);
  return (row) => (row === 0 ? toText(row) : memo.get(row, toText));
};

const toJsonNumber = (value: number): string => (Number.isFinite(value) ? String(value) : "null");
