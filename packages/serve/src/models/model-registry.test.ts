import { setTimeout as sleep } from "node:timers/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { ReadyModel } from "../model-state.ts";
import type { Predictions, Service } from "../service.ts";
import type { NamedModel } from "./load-request.ts";
import { createModelRegistry, type ModelRegistryOptions } from "./model-registry.ts";
import { makeModelsFolder, type Weight, weightService } from "./testing/weights-service.ts";

const MB = 1024 * 1024;
const ROW = { values: new Float64Array(1), rows: 1, columns: 1 };

/** A registry on a folder of models, and short ways to ask it. */
const start = async (
  options: Partial<ModelRegistryOptions> = {},
  service: Service<Weight> = weightService,
) => {
  const folder = await makeModelsFolder();
  onTestFinished(() => folder[Symbol.asyncDispose]());
  const registry = createModelRegistry(service, {
    memoryLimitBytes: 1e12,
    readMemoryUsageBytes: () => process.memoryUsage.rss(),
    modelsDir: folder.path,
    ...options,
  });
  const ask = async (method: string, path: string, body = "") => {
    const { pathname, searchParams } = new URL(path, "http://container");
    const answer = await registry.answer({
      method,
      path: pathname,
      query: searchParams,
      readBody: () => Promise.resolve(Buffer.from(body)),
    });
    if (answer === undefined) throw new Error(`${path} is not answered`);
    return {
      status: answer.status,
      body: JSON.parse(answer.body as string),
      headers: answer.headers,
    };
  };
  const load = (name: string, url = join(folder.path, name, "model")) =>
    ask("POST", "/models", JSON.stringify({ model_name: name, url }));
  const predict = async (name: string): Promise<number> => {
    const model = await registry.require(name);
    return read((await model.predict(ROW, context())) as Predictions);
  };
  return { folder, registry, ask, load, predict };
};

const context = () => ({ signal: new AbortController().signal });
const read = (predictions: Predictions): number =>
  predictions.kind === "values" ? predictions.values[0]! : NaN;

test("models are loaded, listed, asked and unloaded as the contract says", async () => {
  const changes: (readonly NamedModel[])[] = [];
  const { folder, registry, ask, load, predict } = await start({
    onChange: (models) => changes.push(models),
  });
  const url = await folder.write("0a1b", "7");
  await folder.write("a/b.tar.gz", "8");

  expect(await load("0a1b")).toEqual({
    status: 200,
    body: { modelName: "0a1b", modelUrl: url },
    headers: { "content-type": "application/json" },
  });
  expect(await load("a/b.tar.gz")).toMatchObject({ status: 200 });
  expect(await load("0a1b")).toMatchObject({
    status: 409,
    body: { error: { code: "MODEL_ALREADY_LOADED" } },
  });
  expect((await ask("GET", "/models")).body).toEqual({
    models: [
      { modelName: "0a1b", modelUrl: url },
      { modelName: "a/b.tar.gz", modelUrl: join(folder.path, "a/b.tar.gz/model") },
    ],
  });
  expect((await ask("GET", "/models/a%2Fb.tar.gz")).body.modelName).toBe("a/b.tar.gz");
  expect([await predict("0a1b"), await predict("a/b.tar.gz")]).toEqual([7, 8]);
  expect(registry.find("0a1b")?.state.status).toBe("ready");

  expect(await ask("DELETE", "/models/0a1b")).toMatchObject({
    status: 200,
    body: { modelName: "0a1b" },
  });
  expect(registry.find("0a1b")).toBeUndefined();
  expect(() => registry.require("0a1b")).toThrow("is not loaded");
  for (const method of ["GET", "DELETE"]) {
    expect(await ask(method, "/models/0a1b")).toMatchObject({
      status: 404,
      body: { error: { code: "MODEL_NOT_LOADED" } },
    });
  }
  expect(changes.map((models) => models.map(({ name }) => name))).toEqual([
    ["0a1b"],
    ["0a1b", "a/b.tar.gz"],
    ["a/b.tar.gz"],
  ]);
});

test("250 models come in three pages, also when some go between them", async () => {
  const { folder, ask, load } = await start();
  const names = Array.from({ length: 250 }, (_none, at) => `m${String(at).padStart(3, "0")}`);
  await Promise.all(names.map(async (name) => load(name, await folder.write(name, "1"))));
  const first = (await ask("GET", "/models")).body;
  await ask("DELETE", "/models/m099");
  const second = (await ask("GET", `/models?next_page_token=${first.nextPageToken}`)).body;
  const third = (await ask("GET", `/models?next_page_token=${second.nextPageToken}`)).body;
  expect(third).not.toHaveProperty("nextPageToken");
  const seen = [first, second, third].flatMap(({ models }) => models);
  expect(seen.map(({ modelName }: { modelName: string }) => modelName)).toEqual(names);
  expect(await ask("GET", "/models?next_page_token=no")).toMatchObject({
    status: 400,
    body: { error: { code: "PAGE_TOKEN_INVALID" } },
  });
});

test("what is wrong with a request is said, and nothing is loaded", async () => {
  const { folder, registry, ask, load } = await start();
  const bad = await folder.write("bad", "x");
  for (const [answer, status, code] of [
    [await ask("POST", "/models", "{}"), 400, "MODEL_REQUEST_INVALID"],
    [await load("a", "/etc"), 400, "MODEL_URL_INVALID"],
    [await load("a", join(folder.path, "a")), 404, "MODEL_FOLDER_MISSING"],
    [await ask("GET", "/models/%zz"), 400, "MODEL_NAME_INVALID"],
    [await ask("PUT", "/models"), 405, "METHOD_NOT_ALLOWED"],
    [await ask("POST", "/models/a"), 405, "METHOD_NOT_ALLOWED"],
  ] as const) {
    expect(answer).toMatchObject({ status, body: { error: { code } } });
  }
  expect(await load("bad", bad)).toMatchObject({
    status: 500,
    body: {
      error: {
        code: "MODEL_LOAD_FAILED",
        message: 'the model "bad" could not be loaded: weight.txt holds x, not a number',
      },
    },
  });
  expect((await ask("GET", "/models")).body).toEqual({ models: [] });
  await folder.write("bad", "1");
  expect(await load("bad")).toMatchObject({ status: 200 });
  const readBody = () => Promise.reject(new Error("not read"));
  for (const path of ["/ping", "/modelsx", "/models/a/invoke", "/models/a/b/c", "/models/"]) {
    expect(
      registry.answer({ method: "POST", path, query: new URLSearchParams(), readBody }),
    ).toBeUndefined();
  }
});

test("who loads a model that is being loaded waits: one 200, and 409 for all others", async () => {
  const { folder, ask, load, registry } = await start();
  await folder.write("slow", "1 50");
  await folder.write("quick", "2");
  const answers = Promise.all([load("slow"), load("slow"), load("slow")]);
  expect(await load("quick")).toMatchObject({ status: 200 });
  expect(registry.find("slow")).toBeUndefined();
  expect(await ask("GET", "/models/slow")).toMatchObject({ status: 404 });
  expect((await answers).map(({ status }) => status)).toEqual([200, 409, 409]);

  const inOrder: Promise<{ status: number }>[] = [];
  for (const step of [
    () => ask("DELETE", "/models/slow"),
    () => load("slow"),
    () => ask("DELETE", "/models/slow"),
    () => ask("DELETE", "/models/slow"),
  ]) {
    inOrder.push(step());
    await sleep(1);
  }
  expect((await Promise.all(inOrder)).map(({ status }) => status)).toEqual([200, 200, 200, 404]);
});

test("a load that does not end is given up", async () => {
  const { folder, load } = await start({ maxLoadMs: 20 });
  await folder.write("stuck", "1 300");
  expect(await load("stuck")).toMatchObject({
    status: 500,
    body: { error: { message: expect.stringContaining("not done after 0.02 s") } },
  });
});

test("there is no memory: 507 before, 507 and nothing kept after, 200 when another has gone", async () => {
  const limit = process.memoryUsage.rss() + 100 * MB;
  const { folder, ask, load } = await start({ memoryLimitBytes: limit / 0.85 });
  await folder.write("files", "x".repeat(60 * MB));
  expect(await load("files")).toMatchObject({
    status: 507,
    body: {
      error: {
        code: "MODEL_MEMORY_SHORT",
        message: expect.stringContaining('for the model "files" with 60.0 MB of files'),
      },
    },
  });
  await folder.write("one", `1 0 ${64 * MB}`);
  await folder.write("two", `2 0 ${64 * MB}`);
  expect(await load("one")).toMatchObject({ status: 200 });
  const before = process.memoryUsage().arrayBuffers;
  expect(await load("two")).toMatchObject({ status: 507 });
  expect(process.memoryUsage().arrayBuffers).toBeLessThan(before + MB);
  expect((await ask("GET", "/models")).body.models).toHaveLength(1);
  expect(await ask("DELETE", "/models/one")).toMatchObject({ status: 200 });
  expect(await load("two")).toMatchObject({ status: 200 });
});

test("a model is unloaded when its predictions have ended, and its memory is free then", async () => {
  const seen: WeakRef<Float64Array>[] = [];
  const running = Promise.withResolvers<void>();
  const { folder, ask, load, registry } = await start(
    {},
    {
      ...weightService,
      predict: async ({ weight, ballast }) => {
        seen.push(new WeakRef(ballast));
        await running.promise;
        return { kind: "values", values: new Float64Array([weight]) };
      },
    },
  );
  await folder.write("a", `5 0 ${8 * MB}`);
  await load("a");
  const model = registry.find("a")?.state as ReadyModel;
  const prediction = model.predict(ROW, context());
  let isUnloaded = false;
  const unloading = ask("DELETE", "/models/a").then((answer) => {
    isUnloaded = true;
    return answer;
  });
  await sleep(20);
  expect(isUnloaded).toBe(false);
  expect(registry.find("a")).toBeUndefined();
  running.resolve();
  expect(read((await prediction) as Predictions)).toBe(5);
  expect(await unloading).toMatchObject({ status: 200 });
  expect(seen[0]?.deref()).toBeUndefined();
  expect(() => model.predict(ROW, context())).toThrow('the model "a" is not loaded');
});

test("a stream holds its model until its end", async () => {
  const { folder, ask, load, registry } = await start(
    {},
    {
      ...weightService,
      async *predict({ weight }) {
        for (const step of [1, 2]) {
          await sleep(20);
          yield { kind: "values", values: new Float64Array([weight * step]) };
        }
      },
    },
  );
  await folder.write("a", "5");
  await load("a");
  const model = registry.find("a")?.state as ReadyModel;
  const order: (string | number)[] = [];
  const stream = model.predict(ROW, context()) as AsyncIterable<Predictions>;
  const reading = (async () => {
    for await (const part of stream) order.push(read(part));
  })();
  await ask("DELETE", "/models/a");
  order.push("unloaded");
  await reading;
  expect(order).toEqual([5, 10, "unloaded"]);
});

test("after a restart every model is listed, and loaded again at its first use", async () => {
  const kept: string[] = [];
  const folder = await makeModelsFolder();
  onTestFinished(() => folder[Symbol.asyncDispose]());
  const restored = [];
  for (const [name, text] of [
    ["a", "1 20"],
    ["b", "2"],
    ["bad", "x"],
  ] as const) {
    restored.push({ name, url: await folder.write(name, text) });
  }
  const { ask, load, predict, registry } = await start({
    modelsDir: folder.path,
    restored,
    onChange: (models) => kept.push(models.map(({ name }) => name).join(" ")),
  });
  expect((await ask("GET", "/models")).body.models).toHaveLength(3);
  expect(await load("a", restored[0]!.url)).toMatchObject({ status: 409 });
  expect(await Promise.all([predict("a"), predict("a")])).toEqual([1, 1]);
  expect(registry.require("a")).toHaveProperty("predict");

  const b = registry.find("b")!;
  expect(b.state.status).toBe("loading");
  await b.load();
  expect(b.state.status).toBe("ready");

  const bad = registry.find("bad")!;
  await expect(registry.require("bad")).rejects.toMatchObject({ status: 500 });
  await bad.load();
  expect(bad.state).toMatchObject({
    status: "failed",
    reason: expect.stringContaining("weight.txt holds x"),
  });
  expect(registry.find("bad")).toBeUndefined();
  expect(kept).toEqual(["b bad", "a b bad", "a bad", "a b bad", "a b"]);
  expect(await ask("DELETE", "/models/a")).toMatchObject({ status: 200 });
});

test("a model that was not used since the restart is unloaded like any other", async () => {
  const { ask, registry } = await start({ restored: [{ name: "a", url: "/gone" }] });
  expect(await ask("DELETE", "/models/a")).toMatchObject({ status: 200 });
  expect(await ask("DELETE", "/models/a")).toMatchObject({ status: 404 });
  expect(registry.find("a")).toBeUndefined();
});
