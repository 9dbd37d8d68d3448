import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { repositoryDir } from "../repository.ts";
import { run } from "../testing/run.ts";
import { generateImportLaw } from "./import-law.ts";

test("the linter's law of imports follows from the house's (else: npm run generate)", async () => {
  expect((await generateImportLaw()).isCurrent).toBe(true);
});

test("the linter refuses what the law refuses, with the reason, and nothing else", async () => {
  const dir = await mkdtemp(join(tmpdir(), "byoc-lint-"));
  const { file } = await generateImportLaw();
  await copyFile(file, join(dir, ".oxlintrc.json"));
  const imports: Readonly<Record<string, readonly string[]>> = {
    "packages/table/src/a.ts": ["@byoc/errors", "@byoc/serve", "hono", "@hono/node-server"],
    "packages/serve/src/a.ts": ["hono/html", "@byoc/table", "@byoc/serve/npy", "@byoc/opt-ml/x"],
    "containers/decision-tree/src/a.ts": ["@byoc/serve", "@byoc/cifar10-cnn", "ml-cart"],
    "containers/decision-tree/src/model.ts": ["ml-cart", "@tensorflow/tfjs", "hono"],
    "containers/cifar10-cnn/src/model.ts": ["ml-cart", "@tensorflow/tfjs"],
    "scripts/src/a.ts": ["@byoc/opt-ml/testing", "@byoc/decision-tree", "../../packages/x.ts"],
  };
  for (const [path, targets] of Object.entries(imports)) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    const lines = targets.map((target, index) => `export * as e${index} from "${target}";\n`);
    await writeFile(join(dir, path), lines.join(""));
  }
  const oxlint = join(repositoryDir, "node_modules/.bin/oxlint");
  const { stdout } = await run(oxlint, ["--format=unix"], { cwd: dir });
  await rm(dir, { recursive: true });
  const found = stdout.matchAll(/([\w./-]+\.ts):\d+:\d+: '([^']+)' import is restricted/g);
  const refused = Array.from(found, ([, path, target]) => `${path} ${target}`);
  expect(refused.toSorted()).toEqual([
    "containers/cifar10-cnn/src/model.ts ml-cart",
    "containers/decision-tree/src/a.ts @byoc/cifar10-cnn",
    "containers/decision-tree/src/a.ts ml-cart",
    "containers/decision-tree/src/model.ts hono",
    "packages/serve/src/a.ts @byoc/opt-ml/x",
    "packages/table/src/a.ts @byoc/serve",
    "packages/table/src/a.ts @hono/node-server",
    "packages/table/src/a.ts hono",
    "scripts/src/a.ts ../../packages/x.ts",
    "scripts/src/a.ts @byoc/decision-tree",
  ]);
});
