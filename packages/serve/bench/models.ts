/**
 * What a model costs in a multi-model server: memory of the process and time for each load, unload and listing, for
 * thousands of small decision trees. Each size of tree is measured in a process of its own.
 *
 *     node packages/serve/bench/models.ts [--models 5000] [--depth 4]
 */
import { execFileSync } from "node:child_process";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { log } from "@byoc/metrics";
import type { Answer } from "../src/answer.ts";
import { createGarbageCollector } from "../src/processes/garbage-collector.ts";
import { createModelRegistry } from "../src/models/model-registry.ts";
import { treeService, writeTree } from "./small-tree.ts";

const { values: flags } = parseArgs({
  options: { models: { type: "string", default: "5000" }, depth: { type: "string" } },
});
const COUNT = Number(flags.models);

const measure = async (depth: number): Promise<void> => {
  const modelsDir = await mkdtemp(join(tmpdir(), "bench-models-"));
  const names = Array.from({ length: COUNT }, (_none, at) => `model-${at}`);
  for (const name of names) await writeTree(join(modelsDir, name, "model"), depth);
  const { size } = await stat(join(modelsDir, "model-0", "model", "model.json"));

  const registry = createModelRegistry(treeService, {
    modelsDir,
    memoryLimitBytes: 1e12,
    readMemoryUsageBytes: () => process.memoryUsage.rss(),
  });
  const ask = async (method: string, path: string, body?: object, token?: string) => {
    const answer = (await registry.answer({
      method,
      path,
      query: new URLSearchParams(token === undefined ? {} : { next_page_token: token }),
      readBody: () => Promise.resolve(Buffer.from(JSON.stringify(body))),
    })) as Answer;
    if (answer.status !== 200) throw new Error(String(answer.body));
    return JSON.parse(answer.body as string) as { nextPageToken?: string };
  };
  const load = (name: string) =>
    ask("POST", "/models", { model_name: name, url: join(modelsDir, name, "model") });
  const garbage = createGarbageCollector();
  const readMemory = async (): Promise<{ rss: number; heap: number; arrays: number }> => {
    await garbage.collectAndShrink();
    const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
    return { rss, heap: heapUsed, arrays: arrayBuffers };
  };
  const time = async (task: () => Promise<unknown>): Promise<number> => {
    const startedMs = performance.now();
    await task();
    return performance.now() - startedMs;
  };

  // Once to and fro, so that code and its caches are not counted as models.
  for (const name of names.slice(0, 50)) await load(name);
  for (const name of names.slice(0, 50)) await ask("DELETE", `/models/${name}`);
  const before = await readMemory();
  const loadMs = await time(async () => {
    for (const name of names) await load(name);
  });
  const after = await readMemory();
  const unloadMs = await time(() => ask("DELETE", "/models/model-1"));
  const listMs = await time(async () => {
    let token: string | undefined;
    do token = (await ask("GET", "/models", undefined, token)).nextPageToken;
    while (token !== undefined);
  });
  const togetherMs = await time(() =>
    Promise.all(names.slice(2).map((name) => ask("DELETE", `/models/${name}`))),
  );
  const end = await readMemory();
  await rm(modelsDir, { recursive: true });

  const perModel = (from: number, to: number): string => String(Math.round((to - from) / COUNT));
  log.info(
    [
      2 ** (depth + 1) - 1,
      size,
      perModel(before.rss, after.rss),
      perModel(before.heap, after.heap),
      perModel(before.arrays, after.arrays),
      (loadMs / COUNT).toFixed(2),
      unloadMs.toFixed(0),
      togetherMs.toFixed(0),
      listMs.toFixed(0),
      perModel(before.heap + before.arrays, end.heap + end.arrays),
    ]
      .map((cell, at) => String(cell).padStart(HEADINGS[at]!.length))
      .join("  "),
  );
};

const HEADINGS = [
  "nodes",
  "file B",
  "resident B/model",
  "heap B/model",
  "arrays B/model",
  "load ms",
  "unload one ms",
  "unload all ms",
  "list all ms",
  "left B/model",
];

if (flags.depth === undefined) {
  log.info(`${COUNT} models`);
  log.info(HEADINGS.join("  "));
  for (const depth of [3, 6, 9]) {
    const child = [import.meta.filename, "--models", String(COUNT), "--depth", String(depth)];
    execFileSync(process.execPath, child, { stdio: "inherit" });
  }
} else {
  await measure(Number(flags.depth));
}
