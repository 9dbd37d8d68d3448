import type { Encoder } from "../format.ts";
import type { Predictions } from "../service.ts";
import { type AddText, collectBody, collectText } from "./text-sink.ts";

/**
 * One label or number for each row, each with a newline; no header.
 *
 * Numbers that are not finite are `NaN`, `Infinity` and `-Infinity`, which NumPy, pandas and JavaScript read back.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4180
 */
export const csvEncoder: Encoder = {
  isLabelsOnly: true,
  encode: (predictions) => collectBody((add) => writeRows(predictions, add)),
  stream: {
    begin: "",
    separator: "",
    end: "",
    encodePart: (predictions) => collectText((add) => writeRows(predictions, add)),
  },
};

const writeRows = (predictions: Predictions, add: AddText): void => {
  if (predictions.kind === "values") {
    for (const value of predictions.values) add(`${value}\n`);
    return;
  }
  const { classes, indices } = predictions;
  const lines: string[] = [];
  for (let row = 0; row < indices.length; row++) {
    const index = indices[row]!;
    add((lines[index] ??= `${quoteCell(classes[index]!)}\n`));
  }
};

/** A cell in quotes when it holds a comma, a quote or a line break, or nothing, which would be a blank line. */
const quoteCell = (cell: string): string =>
  cell === "" || /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
