import { CommandError } from "../cli/command-error.ts";

const TERMINAL_WIDTH = 80;
const INDENT = "  ";
const GAP = "   ";

/**
 * Rows of a CSV payload, each with its label, in as many columns as a terminal of 80 characters holds.
 *
 * @throws CommandError when there is not one label for each row.
 */
export const showAnswers = (payload: string, answer: string): string => {
  const [rows, labels] = [splitLines(payload), splitLines(answer)];
  if (rows.length !== labels.length) {
    throw new CommandError(`${rows.length} rows were sent, ${labels.length} labels came back`);
  }
  const rowWidth = longest(rows);
  const cells = rows.map((row, index) => `${row.padEnd(rowWidth)}  ${labels[index]}`);
  const cellWidth = longest(cells);
  const room = TERMINAL_WIDTH - INDENT.length + GAP.length;
  const columns = Math.max(1, Math.floor(room / (cellWidth + GAP.length)));
  const lines = Math.ceil(cells.length / columns);
  const shown = Array.from({ length: lines }, (_, line) => {
    const inLine = cells.filter((__, index) => index % lines === line);
    return (
      INDENT +
      inLine
        .map((cell) => cell.padEnd(cellWidth))
        .join(GAP)
        .trimEnd()
    );
  });
  return shown.join("\n");
};

const splitLines = (text: string): string[] =>
  text.split(/\r?\n/).filter((line) => line.trim() !== "");

const longest = (texts: readonly string[]): number =>
  Math.max(0, ...texts.map((text) => text.length));
