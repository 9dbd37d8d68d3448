import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { repositoryDir } from "./repository.ts";

/** `new InputError("CODE", …)`, `new InvocationError(400, "CODE", …)` and their like, also over several lines. */
const THROWN = /new \w+Error\(\s*(?:\d+,\s*)?"([A-Z][A-Z0-9_]+)"/g;

interface PackageCodes {
  readonly name: string;
  readonly thrown: readonly string[];
  readonly listed: readonly string[];
  /** The package's code without comments. */
  readonly code: string;
}

const readCodes = async (name: string): Promise<PackageCodes> => {
  const dir = join(repositoryDir, "packages", name);
  const files = await readdir(join(dir, "src"), { recursive: true });
  // Under testing/ lie models and requests of tests.
  const sources = files.filter((file) => /^(?!.*testing\/).*(?<!\.test)\.ts$/.test(file));
  const texts = await Promise.all(sources.map((file) => readFile(join(dir, "src", file), "utf8")));
  const readme = await readFile(join(dir, "README.md"), "utf8").catch(() => "");
  const code = texts.join("\n").replaceAll(/^\s*(?:\*|\/\/).*$/gm, "");
  const thrown = new Set([...code.matchAll(THROWN)].map((match) => match[1] ?? ""));
  return { name, thrown: [...thrown].toSorted(), listed: readTable(readme), code };
};

/** The codes in the first column of tables whose first header is "code". */
const readTable = (readme: string): string[] => {
  const tables = readme.matchAll(/^\| *code .*\n\|[-: |]+\n((?:\|.*\n?)*)/gm);
  return [...tables].flatMap(([, rows = ""]) =>
    [...rows.matchAll(/^\|\s*`([A-Z][A-Z0-9_]+)`\s*\|/gm)].map((match) => match[1] ?? ""),
  );
};

const names = await readdir(join(repositoryDir, "packages"));
const packages = await Promise.all(names.map(readCodes));

describe.each(packages.filter(({ thrown }) => thrown.length > 0))("$name", (found) => {
  test("every code that it throws is in the table of its README", () => {
    expect(found.thrown.filter((code) => !found.listed.includes(code))).toEqual([]);
  });
});

test("no README lists a code that its package does not have", () => {
  const stale = packages.flatMap(({ name, listed, code }) =>
    listed.filter((word) => !code.includes(`"${word}"`)).map((word) => `${name}: ${word}`),
  );
  expect(stale).toEqual([]);
});
