import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { runScript } from "../test/run-script.ts";

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");
const readme = read("../README.md");
const blockOf = (language: string): string =>
  new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(readme)?.[1] ?? "";
const toLines = (output: string): string[] => output.replaceAll(/ in [0-9.]+ s$/gm, "").split("\n");
const isProblem = (line: string): boolean => /^(warning|error): /.test(line);

test("the example prints what the README shows", () => {
  const { stdout, stderr } = runScript(blockOf("ts"));
  const shown = toLines(blockOf("text"));
  expect(shown).not.toEqual([""]);
  expect(toLines(stdout)).toEqual(shown.filter((line) => !isProblem(line)));
  expect(toLines(stderr)).toEqual([...shown.filter(isProblem), ""]);
});

test("every error code is in the README", () => {
  const codes = read("./metrics-error.ts").match(/(?<=")[A-Z]+_[A-Z_]+(?=")/g) ?? [];
  expect(codes.length).toBeGreaterThan(10);
  for (const code of codes) expect(readme).toMatch(new RegExp(`^\\| \`${code}\` +\\|`, "m"));
});
