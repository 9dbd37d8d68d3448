/** How the computing process ended, seen from outside. */
export interface Death {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The end of what it wrote to stderr. */
  readonly lastWords: string;
  /** Whether the kernel has killed a process of this container for want of memory while it ran; undefined if unknown. */
  readonly isOomKilled: boolean | undefined;
  /** Memory of the container in bytes. */
  readonly memoryBytes: number;
}

/** Why a process died that could not say so itself: a sentence for the failure file. */
export const explainDeath = (death: Death): string => {
  const { exitCode, signal, lastWords } = death;
  if (HEAP_EXHAUSTED.test(lastWords)) {
    return (
      "out of memory: the heap of JavaScript objects was full; use an instance with more memory, less data, or typed " +
      `arrays, which lie outside of it. V8 said: ${findLine(lastWords, HEAP_EXHAUSTED)}`
    );
  }
  if (signal === "SIGKILL") return explainKill(death);
  if (signal !== null) return `${explainSignal(signal)}${quoteLastWords(lastWords)}`;
  if (exitCode === EXIT_UNSETTLED) {
    return "the training function never finished: it awaits something that can no longer happen";
  }
  return `the training process exited with code ${exitCode} before the training function had returned${quoteLastWords(lastWords)}`;
};

const HEAP_EXHAUSTED = /heap out of memory|Reached heap limit|Ineffective mark-compacts/u;

/** Node's exit code when nothing is left to do while an `await` at the top level is still waiting. */
const EXIT_UNSETTLED = 13;

const explainKill = ({ isOomKilled, memoryBytes }: Death): string => {
  const memory = `the container has ${(memoryBytes / 1024 ** 3).toFixed(1)} GiB`;
  const advice = `use an instance with more memory, or less data (${memory})`;
  return isOomKilled === true
    ? `out of memory: the kernel killed the training process (SIGKILL); ${advice}`
    : `the training process was killed (SIGKILL), most often because memory ran out; ${advice}`;
};

const SIGNALS: Partial<Record<NodeJS.Signals, string>> = {
  SIGABRT: "native code gave up",
  SIGBUS: "native code touched memory that is not there; a file that shrank, or a full /dev/shm",
  SIGFPE: "native code divided by zero",
  SIGILL: "native code used an instruction that this CPU lacks; is the image built for it?",
  SIGSEGV: "native code touched memory that is not its own",
};

const explainSignal = (signal: NodeJS.Signals): string =>
  `the training process died of ${signal}: ${SIGNALS[signal] ?? "something ended it from outside"}`;

const quoteLastWords = (lastWords: string): string => {
  const words = lastWords.trim();
  return words === "" ? "" : `; its last words:\n${words.split("\n").slice(-8).join("\n")}`;
};

const findLine = (text: string, pattern: RegExp): string =>
  text
    .split("\n")
    .find((line) => pattern.test(line))
    ?.trim() ?? "";
