import type { ClassificationEvaluation } from "./classification.ts";
import { countColumns, shortenText } from "./picture-text.ts";

const MAX_LABEL_COLUMNS = 20;
const GAP = "  ";

/**
 * The confusion matrix as a table for a terminal: a line for each actual class, a column for each predicted one.
 *
 * Labels longer than 20 columns are shortened. The text ends without a line end.
 */
export const formatConfusionMatrix = ({ confusionMatrix }: ClassificationEvaluation): string => {
  const labels = confusionMatrix.labels.map((label) => shortenText(label, MAX_LABEL_COLUMNS));
  const head = ["actual", ...labels];
  const body = confusionMatrix.counts.map((counts, row) =>
    [labels[row] ?? ""].concat(counts.map(String)),
  );
  const lines = [head].concat(body);

  const widths = head.map((_, column) =>
    Math.max(...lines.map((line) => countColumns(line[column] ?? ""))),
  );
  const table = lines.map((line) =>
    line.map((cell, column) => pad(cell, widths[column] ?? 0, column === 0)).join(GAP),
  );
  return [
    `${" ".repeat(widths[0] ?? 0)}${GAP}predicted`,
    ...table.map((line) => line.trimEnd()),
  ].join("\n");
};

const pad = (text: string, width: number, isLeft: boolean): string => {
  const blanks = " ".repeat(width - countColumns(text));
  return isLeft ? text + blanks : blanks + text;
};
