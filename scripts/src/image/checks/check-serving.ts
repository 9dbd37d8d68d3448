import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import type { Tree } from "@byoc/opt-ml/testing";
import { showDuration } from "../../cli/terminal.ts";
import type { Container } from "../../container.ts";
import { type ServingContainer, withServing } from "./container.ts";

/** How long an endpoint has after SIGTERM. */
const STOP_MS = 30_000;

/** Serves the tree's model as SageMaker mounts it, read-only; answers; ends in order. */
export const checkServing = (
  image: string,
  container: Container,
  { paths }: Tree,
  flags: readonly string[] = [],
): Promise<string> =>
  withServing(
    image,
    ["--volume", `${paths.modelDir}:/opt/ml/model:ro`, ...flags],
    async (serving) => {
      const answers = await invoke(serving, container);
      const stopping = performance.now();
      assert.equal(await serving.stop(), 0, await serving.readLog());
      const stopMs = performance.now() - stopping;
      assert.ok(stopMs < STOP_MS, `docker stop took ${stopMs} ms`);
      return `first 200 on /ping after ${showDuration(serving.startMs)}, ${answers} answers, stopped in ${showDuration(stopMs)}`;
    },
  );

const invoke = async ({ url }: ServingContainer, { payload }: Container): Promise<number> => {
  assert.ok(payload !== undefined, 'package.json names no "payload" under "byoc"');
  const body = await readFile(payload);
  const headers = { "Content-Type": "text/csv" };
  const answer = await fetch(`${url}/invocations`, { method: "POST", headers, body });
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  const countLines = (lines: string): number => lines.trimEnd().split("\n").length;
  assert.equal(countLines(text), countLines(body.toString()), text);
  return countLines(text);
};
