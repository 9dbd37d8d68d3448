import { join } from "node:path";
import { expect, test } from "vitest";
import { listContainers, repositoryDir } from "../repository.ts";
import { fillTables, generateFiles } from "./generate.ts";

test("every container's tables and sagemaker.json follow from its declarations (else: npm run generate)", async () => {
  for (const name of await listContainers()) {
    for (const { file, isCurrent } of await generateFiles(
      join(repositoryDir, "containers", name),
    )) {
      expect(isCurrent, file).toBe(true);
    }
  }
});

test("a table is put between its marks, and the text around it stays", () => {
  const text = "before\n<!-- generated: a -->\nold\n<!-- end of generated -->\nafter";
  expect(fillTables(text, { a: "| new |" })).toBe(
    "before\n<!-- generated: a -->\n\n| new |\n\n<!-- end of generated -->\nafter",
  );
  expect(() => fillTables(text, {})).toThrow("nothing generates the block a");
});
