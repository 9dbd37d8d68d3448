import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readCpuLimit } from "@byoc/limits";
import { afterEach, describe, expect, test } from "vitest";
import { ServerProcess } from "./server-process.ts";

const CODES = { answer: 0, block: 1, wait: 2, throw: 3, exit: 4, stream: 5, never: 6 };

let server: ServerProcess | undefined;

const start = (environment: Record<string, string>): ServerProcess => {
  server = new ServerProcess("serve-behaviours.ts", environment);
  return server;
};

afterEach(async () => {
  server?.child.kill("SIGKILL");
  await server?.exit();
});

const ask = (
  url: string,
  behaviour: keyof typeof CODES,
  milliseconds = 0,
  init: RequestInit = {},
): Promise<Response> =>
  fetch(`${url}/invocations`, {
    method: "POST",
    headers: { "content-type": "text/csv" },
    body: `${CODES[behaviour]},${milliseconds}\n`,
    ...init,
  });

const codeOf = async (response: Response): Promise<string> =>
  ((await response.json()) as { error: { code: string } }).error.code;

/** Milliseconds until /ping says 200. */
const ping = async (url: string): Promise<number> => {
  const startedMs = performance.now();
  expect((await fetch(`${url}/ping`)).status).toBe(200);
  return performance.now() - startedMs;
};

describe.each(["short", "long"])("a %s model", (cost) => {
  const two = { FIXTURE_COST: cost, SAGEMAKER_MODEL_SERVER_WORKERS: "2" };

  test("answers, and hides its bugs from the client", async () => {
    const process = start(two);
    const url = await process.readyUrl();
    expect(await (await ask(url, "answer", 42)).text()).toBe("42\n");
    const failed = await ask(url, "throw");
    expect(failed.status).toBe(500);
    expect(await failed.text()).not.toContain("secret");
    await process.waitFor(/TypeError: secret of the model/);
  });

  test("is unavailable while it loads, with the reason", async () => {
    const url = await start({ ...two, FIXTURE_LOAD_MS: "2000" }).url();
    const early = await fetch(`${url}/ping`);
    expect([early.status, early.headers.get("retry-after")]).toEqual([503, "1"]);
    expect(await codeOf(early)).toBe("MODEL_LOADING");
    expect((await ask(url, "answer")).status).toBe(503);
  });

  test("costs one request when a worker dies, and the worker is replaced", async () => {
    const process = start({ ...two, SAGEMAKER_MODEL_SERVER_WORKERS: "1" });
    const url = await process.readyUrl();
    const [before] = process.workerIds();
    const died = await ask(url, "exit");
    expect(died.status).toBe(500);
    expect(await codeOf(died)).toBe("WORKER_DIED");
    await process.waitFor(/a worker ended with exit code 7; it is replaced/);
    for (let tries = 0; tries < 100 && (await ask(url, "answer")).status !== 200; tries++) {
      await sleep(50);
    }
    expect(await (await ask(url, "answer", 1)).text()).toBe("1\n");
    expect(process.workerIds()).not.toContain(before);
  });

  test("costs one request when a worker is killed from outside", async () => {
    const process = start({ ...two, SAGEMAKER_MODEL_SERVER_WORKERS: "1" });
    const url = await process.readyUrl();
    const answer = ask(url, "wait", 60_000);
    await process.waitFor(/waiting/);
    globalThis.process.kill(process.workerIds()[0] ?? 0, "SIGKILL");
    const response = await answer;
    expect([response.status, await codeOf(response)]).toEqual([500, "WORKER_DIED"]);
  });

  test("that blocks for too long costs its worker, and only its own request", async () => {
    const process = start({ ...two, SAGEMAKER_MODEL_SERVER_TIMEOUT: "1" });
    const url = await process.readyUrl();
    await sleep(500);
    const blocked = await ask(url, "block", 30_000);
    expect(blocked.status).toBe(500);
    expect(["PREDICTION_TIMEOUT", "WORKER_DIED"]).toContain(await codeOf(blocked));
    await process.waitFor(/its worker is killed/);
    expect(await (await ask(url, "answer", 2)).text()).toBe("2\n");
  });

  test("that waits for too long is answered with 500, and told to stop", async () => {
    const process = start({ ...two, SAGEMAKER_MODEL_SERVER_TIMEOUT: "1" });
    const response = await ask(await process.readyUrl(), "never");
    expect([response.status, await codeOf(response)]).toEqual([500, "PREDICTION_TIMEOUT"]);
    await process.waitFor(/aborted/);
  });

  test("is told when its client has gone", async () => {
    const process = start(two);
    const url = await process.readyUrl();
    const controller = new AbortController();
    const answer = ask(url, "never", 0, { signal: controller.signal }).catch(() => "gone");
    await sleep(300);
    controller.abort();
    expect(await answer).toBe("gone");
    await process.waitFor(/aborted/);
  });

  test("streams its parts as they come", async () => {
    const url = await start(two).readyUrl();
    const response = await ask(url, "stream", 200);
    expect(response.headers.get("transfer-encoding")).toBe("chunked");
    const parts: string[] = [];
    const startedMs = performance.now();
    let firstMs = Infinity;
    for await (const part of response.body ?? []) {
      firstMs = Math.min(firstMs, performance.now() - startedMs);
      parts.push(Buffer.from(part).toString());
    }
    expect(parts.join("")).toBe("0\n1\n2\n3\n4\n");
    expect(parts.length).toBeGreaterThan(1);
    expect(performance.now() - startedMs - firstMs).toBeGreaterThan(300);
    expect(server?.stderr).not.toContain("Warning");
  });

  test("finishes what runs at SIGTERM, refuses what comes after, and exits with 0", async () => {
    const process = start(two);
    const url = await process.readyUrl();
    const running = ask(url, "wait", 1000);
    await process.waitFor(/waiting/);
    process.child.kill("SIGTERM");
    await process.waitFor(/finishing the requests/);
    await expect(fetch(`${url}/ping`)).rejects.toThrow("fetch failed");
    expect(await (await running).text()).toBe("1000\n");
    expect(await process.exit()).toBe(0);
  });

  test("that dies at every start ends the container with the cause", async () => {
    const process = start({ ...two, FIXTURE_FAILURE: "crash" });
    expect(await process.exit()).toBe(1);
    expect(process.stderr).toMatch(/exit code 9.*in a row.*the container ends/);
  });

  test("that later workers cannot load ends the container, and is answered until then", async () => {
    const dir = await mkdtemp(join(tmpdir(), "serve-load-"));
    const process = start({ ...two, FIXTURE_FAILURE: join(dir, "loaded") });
    const url = await process.readyUrl();
    await process.waitFor(/could not load the model \(EEXIST.*; it is replaced/);
    expect(await (await ask(url, "answer", 1)).text()).toBe("1\n");
    expect(await process.exit()).toBe(1);
    expect(process.stderr).toMatch(/could not load the model \(EEXIST.*the container ends/);
    await rm(dir, { recursive: true });
  });

  test("is described, measured and offered to batch transform", async () => {
    const url = await start(two).readyUrl();
    await (await ask(url, "answer", 1)).text();
    const description = (await (await fetch(url)).json()) as { input: { columns: number } };
    expect(description.input.columns).toBe(2);
    expect(await (await fetch(`${url}/openapi.json`)).json()).toMatchObject({ openapi: "3.1.1" });
    expect(await (await fetch(`${url}/execution-parameters`)).json()).toMatchObject({
      BatchStrategy: "MULTI_RECORD",
    });
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toContain('byoc_requests_total{status="200"} 1');
    expect(metrics).toMatch(/^byoc_workers 2$/m);
  });

  test("counts and bounds requests with a query too", async () => {
    const url = await start({ ...two, SAGEMAKER_MODEL_SERVER_TIMEOUT: "1" }).readyUrl();
    const headers = { "content-type": "text/csv" };
    const init = { method: "POST", headers, body: `${CODES.never},0\n` };
    expect(await codeOf(await fetch(`${url}/invocations?a=1`, init))).toBe("PREDICTION_TIMEOUT");
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toContain('byoc_requests_total{status="500"} 1');
  });
});

describe("/ping", () => {
  test("is answered within 2 s while a long prediction computes", async () => {
    const process = start({ FIXTURE_COST: "long" });
    const url = await process.readyUrl();
    const blocked = ask(url, "block", 3000);
    await sleep(300);
    expect(await ping(url)).toBeLessThan(2000);
    expect(await (await blocked).text()).toBe("3000\n");
  });

  test.each(["short", "long"])(
    "is answered within 2 s while 64 clients each send 5 MB to a %s model",
    async (cost) => {
      const process = start({ FIXTURE_COST: cost, SAGEMAKER_MODEL_SERVER_WORKERS: "2" });
      const url = await process.readyUrl();
      const body = "0,1.25\n".repeat((5 * 1024 * 1024) / 7);
      const answers = Array.from({ length: 64 }, () => ask(url, "answer", 0, { body }));
      const pings: number[] = [];
      for (let round = 0; round < 5; round++) {
        await sleep(100);
        pings.push(await ping(url));
      }
      expect(Math.max(...pings)).toBeLessThan(2000);
      for (const answer of await Promise.all(answers)) {
        expect(answer.status).toBe(200);
        await answer.body?.cancel();
      }
    },
    60_000,
  );
});

test("/ping says 503 while the only process that predicts is replaced, and requests wait for the next one", async () => {
  const process = start({ FIXTURE_COST: "long", FIXTURE_LOAD_MS: "1000" });
  const url = await process.readyUrl();
  expect((await ask(url, "exit")).status).toBe(500);
  const waiting = ask(url, "answer", 7);
  const response = await fetch(`${url}/ping`);
  expect([response.status, await codeOf(response)]).toEqual([503, "MODEL_LOADING"]);
  expect(await (await waiting).text()).toBe("7\n");
  await ping(url);
});

test("batch transform is offered a request for each worker, also where nobody set their number", async () => {
  const url = await start({ FIXTURE_COST: "short" }).readyUrl();
  expect(await (await fetch(`${url}/execution-parameters`)).json()).toMatchObject({
    MaxConcurrentTransforms: Math.min(16, Math.max(1, Math.floor(readCpuLimit()))),
  });
});

test("connections are spread evenly over the workers", async () => {
  const process = start({ FIXTURE_COST: "short", SAGEMAKER_MODEL_SERVER_WORKERS: "2" });
  const url = new URL(await process.readyUrl());
  while (!(await (await fetch(`${url}metrics`)).text()).includes("byoc_workers 2"));
  await sleep(1000);
  const cpuOf = async (id: number): Promise<number> => {
    const { readFileSync } = await import("node:fs");
    const fields = readFileSync(`/proc/${id}/stat`, "utf8").split(" ");
    return Number(fields[13]) + Number(fields[14]);
  };
  const ids = process.workerIds();
  const before = await Promise.all(ids.map(cpuOf));
  const sockets = Array.from({ length: 4 }, () => connect(Number(url.port), url.hostname));
  const body = "0,1\n".repeat(20_000);
  const request = `POST /invocations HTTP/1.1\r\nhost: a\r\ncontent-type: text/csv\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  await Promise.all(
    sockets.map(async (socket) => {
      for (let round = 0; round < 15; round++) {
        socket.write(request);
        let received = "";
        for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
          received += String(chunk);
          if (received.endsWith("1\n") && received.length > 40_000) break;
        }
      }
      socket.destroy();
    }),
  );
  const after = await Promise.all(ids.map(cpuOf));
  const used = after.map((ticks, index) => ticks - (before[index] ?? 0));
  expect(Math.min(...used)).toBeGreaterThan(Math.max(...used) / 4);
});
