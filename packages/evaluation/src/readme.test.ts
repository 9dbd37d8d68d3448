import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
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
