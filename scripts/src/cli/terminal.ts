import { styleText } from "node:util";

/** Ends this process when nobody reads its output any more, as in `byoc … | head`: that is no error. */
export const endWithReader = (): void => {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(0);
  });
};

/** Writes a line to stdout: what the command was asked for. */
export const say = (line = ""): void => void process.stdout.write(`${line}\n`);

/** Writes a line to stderr: problems, and remarks that must not mix with a result on stdout. */
export const remark = (line: string): void => void process.stderr.write(`${line}\n`);

/** Text in bold on a terminal; plain with NO_COLOR, in a pipe and in a file. */
export const bold = (text: string): string => styleText("bold", text, { stream: process.stdout });

/** Text that steps back on a terminal; plain with NO_COLOR, in a pipe and in a file. */
export const dim = (text: string): string => styleText("dim", text, { stream: process.stdout });

/** A time as a person says it: `0.8 s`, `41 s`, `2.5 min`. */
export const showDuration = (ms: number): string => {
  if (ms < 9950) return `${(ms / 1000).toFixed(1)} s`;
  return ms < 119_500 ? `${Math.round(ms / 1000)} s` : `${(ms / 60_000).toFixed(1)} min`;
};

/** A size as a person says it: `312 bytes`, `4.1 kB`, `2.5 MB`, `1.0 GB`. */
export const showBytes = (bytes: number): string => {
  if (bytes < 1000) return `${bytes} bytes`;
  const [size, unit] =
    bytes < 1e6 ? [bytes / 1e3, "kB"] : bytes < 1e9 ? [bytes / 1e6, "MB"] : [bytes / 1e9, "GB"];
  return `${size.toFixed(1)} ${unit}`;
};
