import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { matchesOutput, normalizeOutput } from "./readme-blocks.ts";
import { repositoryDir } from "./repository.ts";
import { run } from "./testing/run.ts";

/** A `ts` block with what it prints right behind it. */
const EXAMPLE = /^```ts\n(?<code>[^`]*?)^```\n+```text\n(?<output>[^`]*?)^```$/gm;

const names = await readdir(join(repositoryDir, "packages"));
const examples = await Promise.all(
  names.map(async (name) => {
    const dir = join(repositoryDir, "packages", name);
    const readme = await readFile(join(dir, "README.md"), "utf8");
    const found = readme.matchAll(EXAMPLE);
    return Array.from(found, ({ groups }) => ({ name, dir, ...groups }));
  }),
);

test.each(examples.flat())(
  "the example in the README of $name prints what is shown",
  async ({ dir, code = "", output = "" }: { dir: string; code?: string; output?: string }) => {
    const node = `exec "$0" --input-type=module-typescript --eval "$1" 2>&1`;
    const { stdout } = await run("sh", ["-c", node, process.execPath, code], { cwd: dir });
    // A mismatch is told as a comparison of the two.
    const isAsShown = matchesOutput(stdout, output);
    expect(isAsShown ? "" : normalizeOutput(stdout)).toBe(isAsShown ? "" : normalizeOutput(output));
  },
);

test("packages have such examples", () => {
  expect(examples.flat().length).toBeGreaterThan(2);
});
