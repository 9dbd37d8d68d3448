import { expect, test } from "vitest";
import { createIrisApp, irisService } from "../../test/fixtures/iris.ts";
import { createApp } from "./app.ts";
import { createModel } from "../model-state.ts";

test("/ping is 503 until the model is loaded, and 200 with an empty body from then on", async () => {
  const model = createModel(irisService);
  const app = createApp(model);
  const early = await app.request("/ping");
  expect(early.status).toBe(503);
  expect(await early.json()).toMatchObject({ error: { code: "MODEL_LOADING" } });
  const invocation = await app.request("/invocations", { method: "POST", body: "1,2,3,4" });
  expect(invocation.status).toBe(503);

  await model.load();
  const late = await app.request("/ping");
  expect(late.status).toBe(200);
  expect(await late.text()).toBe("");
  expect((await app.request("/ping", { method: "HEAD" })).status).toBe(200);
});

test("/ping and /invocations give the reason when the model could not be loaded, without a stack", async () => {
  const app = await createIrisApp({
    service: {
      load: () => {
        throw new TypeError("model.json holds no tree");
      },
    },
  });
  for (const init of [{ method: "GET" }, { method: "POST", body: "1,2,3,4" }]) {
    const response = await app.request(init.method === "GET" ? "/ping" : "/invocations", init);
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({
      error: {
        code: "MODEL_LOAD_FAILED",
        message: "the model could not be loaded: model.json holds no tree",
      },
    });
  }
});

test.each([{ columns: 0 }, { columns: 1.5 }, { columns: 2, names: ["only one"] }])(
  "a service that declares %o cannot be loaded",
  async (input) => {
    const app = await createIrisApp({ service: { input: () => input } });
    expect((await app.request("/ping")).status).toBe(503);
  },
);

test.each(["/", "/metrics", "/models", "/execution-parameters", "/ping/", "/Invocations"])(
  "%s is a 404 in the shape of every error",
  async (path) => {
    for (const method of ["GET", "POST"]) {
      const response = await (await createIrisApp()).request(path, { method });
      expect(response.status).toBe(404);
      expect(response.headers.get("content-type")).toBe("application/json");
      expect(await response.json()).toMatchObject({ error: { code: "NOT_FOUND" } });
    }
  },
);

test.each([
  ["/ping", "POST", "GET, HEAD"],
  ["/ping", "DELETE", "GET, HEAD"],
  ["/invocations", "GET", "POST"],
  ["/invocations", "PUT", "POST"],
  ["/invocations", "OPTIONS", "POST"],
])("%s with %s is a 405 that allows %s", async (path, method, allow) => {
  const response = await (await createIrisApp()).request(path, { method });
  expect(response.status).toBe(405);
  expect(response.headers.get("allow")).toBe(allow);
  expect(await response.json()).toMatchObject({ error: { code: "METHOD_NOT_ALLOWED" } });
});

test("a default for Accept that is not offered keeps the model from being served", async () => {
  const model = createModel(irisService, { defaultAccept: "text/html" });
  await model.load();
  const response = await createApp(model).request("/ping");
  expect(response.status).toBe(503);
  expect(await response.text()).toContain(
    'SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT is \\"text/html\\"; expected application/json, text/csv',
  );
});
