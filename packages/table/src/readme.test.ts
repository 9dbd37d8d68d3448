import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const packageFolder = new URL("../", import.meta.url);
const readme = await readFile(new URL("README.md", packageFolder), "utf8");

test("the example of the README prints what the README says", async () => {
  const [, code = "", output] = /```ts\n(.*?)```\s*```text\n(.*?)```/s.exec(readme) ?? [];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--input-type=module-typescript", "--eval", code],
    { cwd: packageFolder },
  );
  expect(stdout).toBe(output);
});

test("the README lists every error code that the sources can throw", async () => {
  const folder = new URL("src/", packageFolder);
  const names = (await readdir(folder)).filter((name) => !name.endsWith(".test.ts"));
  const sources = await Promise.all(
    names
      .filter((name) => name.endsWith(".ts"))
      .map((name) => readFile(new URL(name, folder), "utf8")),
  );
  const thrown = sources.join("\n").matchAll(/InputError\(\s*"(\w+)"/g);
  const listed = readme.matchAll(/^\| `(\w+)`/gm);
  expect(new Set(Array.from(thrown, ([, code]) => code))).toEqual(
    new Set(Array.from(listed, ([, code]) => code)),
  );
});
