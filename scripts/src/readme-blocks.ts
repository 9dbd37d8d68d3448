/** A fenced `sh` block of a README. */
export interface ReadmeBlock {
  /** The line of its fence, from 1. */
  readonly line: number;
  readonly commands: string;
  /** `run`, `background` (until the README's end), `not run`; `undefined` when no mark stands above it. */
  readonly mark: "run" | "background" | "not run" | undefined;
  /** What a `text` block right behind it shows as its output. */
  readonly output: string | undefined;
}

const FENCE = /^```(\w*)\n(.*?)^```$/gms;

/** Finds the `sh` blocks of a README, each with the mark above it and the output below it. */
export const findBlocks = (readme: string): ReadmeBlock[] => {
  const fences = [...readme.matchAll(FENCE)];
  return fences.flatMap((fence, index) => {
    const [text, language, commands = ""] = fence;
    if (language !== "sh") return [];
    const before = readme.slice(0, fence.index);
    const next = fences[index + 1];
    const between = readme.slice(fence.index + text.length, next?.index);
    const isShown = next?.[1] === "text" && between.trim() === "";
    return [
      {
        line: before.split("\n").length,
        commands,
        mark: readMark(before),
        output: isShown ? next[2] : undefined,
      },
    ];
  });
};

const readMark = (before: string): ReadmeBlock["mark"] => {
  const comment = /<!-- (.*?) -->\s*$/.exec(before)?.[1] ?? "";
  if (comment === "run") return "run";
  if (comment === "run in the background") return "background";
  return /^not run: \S/.test(comment) ? "not run" : undefined;
};

/** Output with what differs from run to run made the same: times, ports, and where the repository lies. */
export const normalizeOutput = (text: string): string =>
  text
    .replaceAll(/\b\d+(\.\d+)? (ms|s|min)\b/g, "<time>")
    .replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:<port>")
    .replaceAll(/ --port \d+/g, "")
    .replaceAll(/[ \t]+$/gm, "")
    .trim();

/** Whether an output is what a README shows; a line `…` there stands for any lines. */
export const matchesOutput = (output: string, shown: string): boolean => {
  const pattern = normalizeOutput(shown)
    .split(/^…$/m)
    .map((part) => part.replace(/^\n/, "").replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`))
    .join(String.raw`[\s\S]*`);
  return new RegExp(`^${pattern}$`).test(normalizeOutput(output));
};
