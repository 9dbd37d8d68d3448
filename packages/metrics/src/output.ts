import { isatty } from "node:tty";
import { writeFully } from "./write-fully.ts";

/** The file descriptor of progress, metrics and information. */
export const STDOUT = 1;

/** The file descriptor of problems. */
export const STDERR = 2;

/** Back to the first column, and nothing to the right of it. */
const ERASE_LINE = "\r\u001B[K";

/** The bar that stands on the last line of the terminal, as it was drawn; empty where there is none. */
let bar = "";

/** Writes whole lines; a bar on the same terminal makes room for them and stands below them again. */
export const writeLines = (descriptor: number, lines: string): void => {
  const isBesideBar = bar !== "" && isatty(descriptor);
  writeFully(descriptor, isBesideBar ? ERASE_LINE + lines + bar : lines);
};

/** Draws a bar over the last one; the text has no line break and fits the terminal's width. */
export const drawBar = (text: string): void => {
  bar = text;
  writeFully(STDOUT, ERASE_LINE + text);
};

/** Takes the bar off the terminal, if there is one. */
export const eraseBar = (): void => {
  if (bar === "") return;
  bar = "";
  writeFully(STDOUT, ERASE_LINE);
};
