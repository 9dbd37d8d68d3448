import { say } from "../cli/terminal.ts";
import { addCounts, showCounts, type Counts, type Part } from "./part.ts";

/** Runs every part, also after a failure, with a line for each and the counts in the last line. */
export const runParts = async (parts: readonly Part[]): Promise<Counts> => {
  const all: Counts[] = [];
  const width = Math.max(...parts.map(({ name }) => name.length));
  for (const { name, run } of parts) {
    const started = performance.now();
    const { counts, output, remark = "" } = await run();
    const minutes = ((performance.now() - started) / 60_000).toFixed(2);
    if (counts.failed > 0) say(`\n${output.trimEnd()}\n`);
    const word = counts.failed > 0 ? "failed" : "passed";
    say(`${word}  ${name.padEnd(width)}  ${minutes} min  ${remark}`.trimEnd());
    all.push(counts);
  }
  const counts = addCounts(all);
  say(showCounts(counts));
  return counts;
};
