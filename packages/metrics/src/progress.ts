import { isatty } from "node:tty";
import { stripVTControlCharacters } from "node:util";
import { MetricsError } from "./metrics-error.ts";
import { drawBar, eraseBar, STDOUT, writeLines } from "./output.ts";
import { toBarText, toFinalLine, toProgressLine, toShare } from "./progress-text.ts";
import type { ProgressState } from "./progress-text.ts";

/** The shortest time between two drawings of a bar, in milliseconds. */
const REDRAW_MS = 100;

/** A new tenth is worth a line when the last one is this old, in milliseconds. */
const MIN_LINE_MS = 1_000;

/** Any progress is worth a line when the last one is this old, in milliseconds. */
const MAX_LINE_MS = 10_000;

const DEFAULT_COLUMNS = 80;

/** What is counted, and where it is shown. */
export interface ProgressOptions {
  /** What is going on, in a word or two: `training`. */
  readonly label: string;
  /** The value of `done` at the end; 0 or more. */
  readonly total: number;
  /** What is counted, in the plural: `rows`. */
  readonly unit?: string;
  /** What was done before, in an earlier run of a resumed job: the time left is reckoned from there. */
  readonly startAt?: number;
  /** Takes each line, with its line break, in place of stdout; there is no bar then. */
  readonly write?: (line: string) => void;
  /** The clock, in milliseconds. */
  readonly now?: () => number;
}

/** A piece of work under way. */
export interface Progress {
  /** Says how much is done, of `total`; call it as often as you like. */
  readonly update: (done: number) => void;
  /** Writes the last line, with the time taken; later calls do nothing. */
  readonly finish: () => void;
  /** The same as `finish`, for `using progress = createProgress(…)`. */
  readonly [Symbol.dispose]: () => void;
}

/**
 * Shows how far a piece of work has come: a bar redrawn in place on a terminal, plain lines in a log.
 *
 * A log gets a line at each new tenth, no more than one in a second, and one in ten seconds where a tenth takes longer;
 * work that ends within a second gets its last line only. A bar is drawn ten times a second at most, and lines of
 * metrics and logs appear above it. It is green unless NO_COLOR is set; TERM=dumb means plain lines. Of several pieces
 * of work at once, the one updated last is on screen.
 *
 * @throws {MetricsError} PROGRESS_TOTAL_INVALID.
 * @see https://no-color.org
 * @example
 * using progress = createProgress({ label: "training", total: 1000, unit: "rows" });
 * for (let row = 1; row <= 1000; row++) progress.update(row);
 */
export const createProgress = ({
  label,
  total,
  unit = "",
  startAt = 0,
  write,
  now = () => performance.now(),
}: ProgressOptions): Progress => {
  if (!(total >= 0 && total < Infinity)) {
    throw new MetricsError(
      "PROGRESS_TOTAL_INVALID",
      `the total of ${JSON.stringify(label)} is ${String(total)}: give a number of 0 or more`,
    );
  }
  const hasBar = write === undefined && isatty(STDOUT) && process.env["TERM"] !== "dumb";
  const writeLine = write ?? ((line: string) => writeLines(STDOUT, line));
  const cleanLabel = toOneLine(label);
  const cleanUnit = toOneLine(unit);
  const startMs = now();
  let done = startAt;
  let lastMs = hasBar ? -Infinity : startMs;
  let lastTenth = toTenth({ done, total });
  let isFinished = false;

  const toState = (nowMs: number): ProgressState => {
    const elapsedMs = nowMs - startMs;
    const pace = (done - startAt) / elapsedMs;
    const leftMs = pace > 0 ? Math.max(0, total - done) / pace : undefined;
    return { label: cleanLabel, done, total, unit: cleanUnit, elapsedMs, leftMs };
  };
  const update = (nextDone: number): void => {
    if (isFinished) return;
    done = nextDone;
    const nowMs = now();
    const tenth = toTenth({ done, total });
    const linePauseMs = tenth > lastTenth ? MIN_LINE_MS : MAX_LINE_MS;
    if (nowMs - lastMs < (hasBar ? REDRAW_MS : linePauseMs)) return;
    lastMs = nowMs;
    lastTenth = tenth;
    if (hasBar) drawBar(toBarText(toState(nowMs), toTerminal()));
    else writeLine(`${toProgressLine(toState(nowMs))}\n`);
  };
  const finish = (): void => {
    if (isFinished) return;
    isFinished = true;
    if (hasBar) eraseBar();
    writeLine(`${toFinalLine(toState(now()))}\n`);
  };
  return { update, finish, [Symbol.dispose]: finish };
};

const toTenth = (state: Pick<ProgressState, "done" | "total">): number =>
  Math.floor(toShare(state) * 10);

/** The terminal as it is now; some report a width of 0. */
const toTerminal = (): { columns: number; hasColour: boolean } => ({
  columns: process.stdout.columns || DEFAULT_COLUMNS,
  hasColour: (process.env["NO_COLOR"] ?? "") === "",
});

const toOneLine = (text: string): string =>
  stripVTControlCharacters(text).replaceAll(/\s+/g, " ").trim();
