import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTree, runContainer } from "./testing/index.ts";

const root = path.join(import.meta.dirname, "..");
const readme = readFileSync(path.join(root, "README.md"), "utf8");

/** The example's files, each with its name in its first line. */
const FILE = /^```ts\n\/\/ (?<name>[\w.]+)\n(?<text>[^]*?)^```$/gmu;

let folder = "";

beforeAll(() => {
  // Inside the package, so that its own name leads to it.
  folder = mkdtempSync(path.join(root, "test/.readme-"));
  for (const { groups } of readme.matchAll(FILE)) {
    writeFileSync(path.join(folder, groups?.["name"] ?? ""), groups?.["text"] ?? "");
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the example trains, in any input mode", async () => {
  for (const mode of ["File", "Pipe"] as const) {
    const channels = { training: { "a.csv": "12345" } };
    const tree = await createTree({ channels, mode, hyperparameters: { rate: "0.5" } });
    const main = path.join(folder, "main.ts");
    const { exitCode } = await runContainer({ main, command: "train", tree });
    const model = readFileSync(path.join(tree.paths.modelDir, "model.json"), "utf8");
    await tree.close();
    expect({ exitCode, model }).toEqual({ exitCode: 0, model: '{"bytes":5}' });
  }
});

test("the example of a test runs", async () => {
  const tree = await createTree();
  // The test is a program of its own, whatever the argument.
  const main = path.join(folder, "train.test.ts");
  const { stdout } = await runContainer({ main, command: "", tree });
  await tree.close();
  expect(stdout).toBe("0  undefined\n");
});

test("the table is the one that the example's declaration gives", async () => {
  const { toMarkdownTable } = await import("./hyperparameters/specification.ts");
  const { hyperparameters } = (await import(path.join(folder, "hyperparameters.ts"))) as {
    hyperparameters: { parameters: Parameters<typeof toMarkdownTable>[0] };
  };
  const simplify = (text: string): string => text.replaceAll(/ +/gu, " ").replaceAll(/-+/gu, "-");
  expect(simplify(readme)).toContain(simplify(toMarkdownTable(hyperparameters.parameters)));
});
