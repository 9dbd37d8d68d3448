import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { readFeatureTable } from "./feature-table.ts";
import { readLabelledTable } from "./labelled-table.ts";
import type { Source } from "./source.ts";

const folder = new URL("../../../datasets/iris/", import.meta.url);

const fileSource = (name: string): Source => ({
  name,
  stream: () => createReadStream(new URL(name, folder)),
});

test("the data sets have the sizes and checksums that their READMEs tell", async () => {
  const readmes = await Promise.all(
    ["README.md", "../README.md"].map((path) => readFile(new URL(path, folder), "utf8")),
  );
  for (const name of ["iris.csv", "payload.csv"]) {
    const bytes = await readFile(new URL(name, folder));
    const checksum = createHash("sha256").update(bytes).digest("hex");
    const rows = bytes.toString().split("\n").length - 1;
    for (const readme of readmes) {
      const line = readme
        .split("\n")
        .find((text) => text.startsWith("|") && text.includes(`${name}\``));
      const cells = line?.split("|").map((cell) => cell.trim());
      expect(cells).toEqual(
        expect.arrayContaining([String(rows), String(bytes.length), `\`${checksum}\``]),
      );
    }
  }
});

test("iris.csv is a table of 50 rows of each species", async () => {
  const { features, labels, featureNames } = await readLabelledTable([fileSource("iris.csv")]);
  expect(features).toMatchObject({ rows: 150, columns: 4 });
  expect(featureNames).toBeUndefined();
  const groups = Map.groupBy(labels, (label) => label);
  const counts = Array.from(groups, ([label, rows]) => [label, rows.length]);
  expect(counts).toEqual([
    ["setosa", 50],
    ["versicolor", 50],
    ["virginica", 50],
  ]);
});

test("rows 35 and 38 are those of Fisher's paper, not those of the UCI copy", async () => {
  const lines = (await readFile(new URL("iris.csv", folder), "utf8")).split("\n");
  expect(lines[34]).toBe("setosa,4.9,3.1,1.5,0.2");
  expect(lines[37]).toBe("setosa,4.9,3.6,1.4,0.1");
});

test("payload.csv is every fifth row of iris.csv, without its label", async () => {
  const { features } = await readLabelledTable([fileSource("iris.csv")]);
  const payload = await readFeatureTable(fileSource("payload.csv"), { columns: 4 });
  const everyFifth = Array.from({ length: 30 }, (_, row) =>
    Array.from(features.values.subarray(20 * row, 20 * row + 4)),
  );
  expect(Array.from(payload.features.values)).toEqual(everyFifth.flat());
});
