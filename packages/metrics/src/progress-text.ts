import { toNumberText } from "./metric-text.ts";

const MIN_BAR_CHARACTERS = 10;
const MAX_BAR_CHARACTERS = 40;
const GREEN = "\u001B[32m";
const DEFAULT_COLOUR = "\u001B[39m";

/** How far a piece of work has come. */
export interface ProgressState {
  readonly label: string;
  /** Of `total`, in `unit`. */
  readonly done: number;
  readonly total: number;
  /** What is counted, in the plural, or empty. */
  readonly unit: string;
  /** How long it has taken so far. */
  readonly elapsedMs: number;
  /** How long the rest will take at the pace so far; undefined until something is done. */
  readonly leftMs: number | undefined;
}

/** `rows: 45%, 450/1000 rows, 12 s left`, a line for a log. */
export const toProgressLine = (state: ProgressState): string =>
  `${state.label}: ${[toPercent(state), toCount(state), ...toTimeLeft(state)].join(", ")}`;

/** `rows: 1000/1000 rows in 22 s`, the last line; it says less than the total where the work ended early. */
export const toFinalLine = (state: ProgressState): string =>
  `${state.label}: ${toCount(state)} in ${toDuration(state.elapsedMs)}`;

/**
 * `rows  45% [####------] 450/1000 rows, 12 s left`, one character short of the terminal's width at most.
 *
 * In a narrow terminal the time left goes first, then the count, then the bar. Colour repeats what the characters say.
 */
export const toBarText = (
  state: ProgressState,
  { columns, hasColour }: { readonly columns: number; readonly hasColour: boolean },
): string => {
  const head = `${state.label} ${toPercent(state).padStart(4)}`;
  const count = toCount(state);
  for (const detail of [` ${[count, ...toTimeLeft(state)].join(", ")}`, ` ${count}`, ""]) {
    const room = columns - 1 - `${head} []${detail}`.length;
    if (room < MIN_BAR_CHARACTERS) continue;
    const length = Math.min(room, MAX_BAR_CHARACTERS);
    const full = "#".repeat(Math.floor(toShare(state) * length));
    const empty = "-".repeat(length - full.length);
    return `${head} [${hasColour ? GREEN + full + DEFAULT_COLOUR : full}${empty}]${detail}`;
  }
  return head.slice(0, Math.max(0, columns - 1));
};

/** `0.4 s`, `12 s`, `3 min 20 s` or `2 h 5 min`. */
export const toDuration = (durationMs: number): string => {
  if (durationMs < 9_950) return `${Number((durationMs / 1000).toFixed(1))} s`;
  const seconds = Math.round(durationMs / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
};

/** 0 to 1; 1 where there is nothing to do. */
export const toShare = ({ done, total }: Pick<ProgressState, "done" | "total">): number =>
  total === 0 ? 1 : Math.min(1, Math.max(0, done / total)) || 0;

/** Rounded down, so that 100% is said of finished work only. */
const toPercent = (state: ProgressState): string => `${Math.floor(toShare(state) * 100)}%`;

const toCount = ({ done, total, unit }: ProgressState): string =>
  `${toNumberText(done)}/${toNumberText(total)} ${unit}`.trimEnd();

const toTimeLeft = ({ leftMs }: ProgressState): string[] =>
  leftMs === undefined ? [] : [`${toDuration(Math.ceil(leftMs / 1000) * 1000)} left`];
