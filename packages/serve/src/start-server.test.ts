import { afterEach, expect, test } from "vitest";
import { ServerProcess } from "../test/server-process.ts";

const CSV = { "content-type": "text/csv" };
const ROW = "5.1,3.5,1.4,0.2\n";

let running: ServerProcess | undefined;

const start = (environment: Record<string, string> = {}): ServerProcess => {
  running = new ServerProcess("serve-iris.ts", environment);
  return running;
};

afterEach(async () => {
  running?.child.kill("SIGKILL");
  await running?.exit();
});

const post = (url: string): Promise<Response> =>
  fetch(`${url}/invocations`, { method: "POST", headers: CSV, body: ROW });

test("it listens before the model is loaded, and says when it is", async () => {
  const server = start({ FIXTURE_LOAD_MS: "500" });
  const url = await server.url();
  const early = await fetch(`${url}/ping`);
  expect(early.status).toBe(503);
  expect(await early.json()).toMatchObject({ error: { code: "MODEL_LOADING" } });

  await server.waitFor(/^model loaded in \d+ ms$/m);
  expect((await fetch(`${url}/ping`)).status).toBe(200);
  expect(await (await post(url)).text()).toBe("setosa\n");
});

test("nothing is logged for pings and for predictions that succeed", async () => {
  const server = start();
  const url = await server.url();
  await server.waitFor(/model loaded/);
  const before = server.stdout;
  for (let round = 0; round < 5; round++) await (await fetch(`${url}/ping`)).text();
  await (await fetch(`${url}/metrics`)).text();
  await (await post(url)).text();
  expect(server.stdout.replace("predicting\n", "")).toBe(before);
  expect(server.stderr).toBe("");
});

test("a model that cannot be loaded keeps the process up, which says why", async () => {
  const server = start({ FIXTURE_FAILURE: "input" });
  const url = await server.url();
  await server.waitFor(/error: .*could not be loaded: no model.json in \/opt\/ml\/model/);
  const response = await fetch(`${url}/ping`);
  expect(response.status).toBe(503);
  expect(await response.json()).toEqual({
    error: {
      code: "MODEL_LOAD_FAILED",
      message: "the model could not be loaded: no model.json in /opt/ml/model",
    },
  });
  expect(server.stderr).not.toMatch(/^\s+at /m);
  server.child.kill("SIGTERM");
  expect(await server.exit()).toBe(0);
});

test("a bug in load leaves its stack on stderr and only its message in /ping", async () => {
  const server = start({ FIXTURE_FAILURE: "bug" });
  const url = await server.url();
  await server.waitFor(/TypeError: the model is undefined\n\s+at /);
  const text = await (await fetch(`${url}/ping`)).text();
  expect(text).toContain("the model is undefined");
  expect(text).not.toContain("at ");
});

test.each(["SIGTERM", "SIGINT"] as const)(
  "%s finishes the request that runs and exits with 0",
  async (signal) => {
    const server = start({ FIXTURE_PREDICT_MS: "500" });
    const url = await server.url();
    await server.waitFor(/model loaded/);
    const answer = post(url);
    await server.waitFor(/predicting/);
    server.child.kill(signal);
    await server.waitFor(/finishing the requests/);
    await expect(fetch(`${url}/ping`)).rejects.toThrow("fetch failed");
    expect(await (await answer).text()).toBe("setosa\n");
    expect(await server.exit()).toBe(0);
    expect(server.stdout).toContain("drained\n");
  },
);

test("SIGTERM while the model loads ends the process soon", async () => {
  const server = start({ FIXTURE_LOAD_MS: "60000" });
  await server.url();
  server.child.kill("SIGTERM");
  expect(await server.exit()).toBe(0);
  expect(server.stdout).toContain("drained\n");
});

test("a second signal ends the process at once", async () => {
  const server = start({ FIXTURE_PREDICT_MS: "60000" });
  const url = await server.url();
  await server.waitFor(/model loaded/);
  const outcome = post(url).catch((error: unknown) => error);
  await server.waitFor(/predicting/);
  server.child.kill("SIGTERM");
  await server.waitFor(/finishing the requests/);
  server.child.kill("SIGTERM");
  expect(await server.exit()).toBe(143);
  expect(await outcome).toMatchObject({ message: "fetch failed" });
});

test.each([
  ["SAGEMAKER_BIND_TO_PORT", "web"],
  ["SAGEMAKER_MAX_PAYLOAD_IN_MB", "6MB"],
  ["SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT", "text/html"],
  ["BYOC_LOG_LEVEL", "loud"],
  ["BYOC_EMBEDDED_METRICS", "maybe"],
  ["BYOC_HOST", "192.0.2.1"],
])("%s=%s stops the start with one line and exit code 2", async (name, value) => {
  const server = start({ [name]: value });
  expect(await server.exit()).toBe(2);
  expect(server.stderr).toContain(value);
  expect(server.stderr.trim().split("\n")).toHaveLength(1);
  expect(server.stdout).toBe("");
});
