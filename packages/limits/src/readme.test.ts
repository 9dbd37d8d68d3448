import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import * as limits from "./index.ts";

const PACKAGE = join(import.meta.dirname, "..");
const readme = readFileSync(join(PACKAGE, "README.md"), "utf8");

test("the example of the README runs", () => {
  const [, example = ""] = /```ts\n([\s\S]+?)```/.exec(readme) ?? [];
  expect(example).toContain("@byoc/limits");
  const node = ["--input-type=module-typescript", "-e", example];
  expect(() => execFileSync(process.execPath, node, { cwd: PACKAGE })).not.toThrow();
});

test("the README's table has every function, and no other", () => {
  const listed = Array.from(readme.matchAll(/^\| `(\w+)` /gm), ([, name]) => name);
  const functions = Object.entries(limits).filter(([, value]) => typeof value === "function");
  expect(listed.toSorted()).toEqual(functions.map(([name]) => name).toSorted());
});
