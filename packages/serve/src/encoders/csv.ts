import type { Predictions } from "../service.ts";

/** One label or number for each row, each with a newline; no header. */
export const encodeCsv = (predictions: Predictions): string => {
  let text = "";
  if (predictions.kind === "values") {
    for (const value of predictions.values) text += `${value}\n`;
    return text;
  }
  const lines = predictions.classes.map((label) => `${quoteCell(label)}\n`);
  for (const index of predictions.indices) text += lines[index];
  return text;
};

/** A cell as RFC 4180 has it: in quotes when it holds a comma, a quote or a line break. */
const quoteCell = (cell: string): string =>
  /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
