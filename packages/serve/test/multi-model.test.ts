import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { ServerProcess } from "./server-process.ts";

let baseDir = "";
let server: ServerProcess;
let url = "";

const write = (name: string, weight: string): string => {
  const folder = join(baseDir, "models", name, "model");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "weight.txt"), weight);
  return folder;
};

beforeAll(() => {
  baseDir = mkdtempSync(join(tmpdir(), "multi-model-"));
});

afterAll(() => rmSync(baseDir, { recursive: true }));

afterEach(async () => {
  server.child.kill("SIGKILL");
  await server.exit();
});

const start = async (environment: Record<string, string>): Promise<void> => {
  server = new ServerProcess("serve-weights.ts", { SAGEMAKER_BASE_DIR: baseDir, ...environment });
  url = await server.readyUrl();
};

const ask = async (method: string, path: string, body?: unknown): Promise<[number, unknown]> => {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
  const response = await fetch(`${url}${path}`, init);
  return [response.status, await response.json()];
};

const invoke = async (name: string, row: number): Promise<[number, string]> => {
  const response = await fetch(`${url}/models/${name}/invoke`, {
    method: "POST",
    headers: { "content-type": "text/csv", "x-amzn-sagemaker-target-model": "a.tar.gz" },
    body: `${row}\n`,
  });
  return [response.status, await response.text()];
};

test("models are loaded, asked, listed and unloaded over HTTP, with the contract's codes", async () => {
  await start({ SAGEMAKER_MULTI_MODEL: "true" });
  expect((await fetch(`${url}/ping`)).status).toBe(200);
  const modelUrl = write("m1", "3");
  expect(await ask("POST", "/models", { model_name: "m1", url: modelUrl })).toMatchObject([
    200,
    {},
  ]);
  expect(await invoke("m1", 2)).toEqual([200, "6\n"]);
  expect((await ask("POST", "/models", { model_name: "m1", url: modelUrl }))[0]).toBe(409);
  expect(await ask("GET", "/models")).toEqual([200, { models: [{ modelName: "m1", modelUrl }] }]);
  expect(await ask("GET", "/models/m1")).toEqual([200, { modelName: "m1", modelUrl }]);
  expect((await ask("DELETE", "/models/m1"))[0]).toBe(200);
  expect((await invoke("m1", 2))[0]).toBe(404);
  expect((await ask("DELETE", "/models/m1"))[0]).toBe(404);
  const outside = await ask("POST", "/models", { model_name: "x", url: "/etc" });
  expect(outside[0]).toBeGreaterThanOrEqual(400);
  expect((await ask("POST", "/invocations", {}))[0]).toBe(404);
});

test("after its worker has died, a model is loaded again at its first use", async () => {
  await start({ SAGEMAKER_MULTI_MODEL: "true" });
  expect((await ask("POST", "/models", { model_name: "m2", url: write("m2", "5") }))[0]).toBe(200);
  expect((await invoke("m2", 999))[0]).toBe(500);
  await server.waitFor(/it is replaced/);
  let answer = await invoke("m2", 2);
  for (let tries = 0; tries < 50 && answer[0] === 503; tries++) {
    await sleep(50);
    answer = await invoke("m2", 2);
  }
  expect(answer).toEqual([200, "10\n"]);
  expect((await ask("GET", "/models"))[1]).toMatchObject({ models: [{ modelName: "m2" }] });
});

test("without SAGEMAKER_MULTI_MODEL every path below /models is 404", async () => {
  mkdirSync(join(baseDir, "model"), { recursive: true });
  server = new ServerProcess("serve-behaviours.ts", { FIXTURE_COST: "short" });
  url = await server.readyUrl();
  expect((await ask("GET", "/models"))[0]).toBe(404);
  expect((await ask("POST", "/models", { model_name: "m", url: "/opt/ml/models/m" }))[0]).toBe(404);
});
