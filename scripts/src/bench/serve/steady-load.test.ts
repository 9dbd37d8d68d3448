import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run } from "../../testing/run.ts";
import { parseAnswer } from "./steady-connections.ts";
import { quantile } from "./statistics.ts";
import type { SteadyOptions, SteadyResult } from "./steady-load.ts";

let dir = "";
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "byoc-steady-"));
  await writeFile(join(dir, "row"), "1,2,3\n");
});
afterAll(() => rm(dir, { recursive: true }));

const load = async (answer: RequestListener): Promise<SteadyResult> => {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  const options: SteadyOptions = {
    port: (server.address() as AddressInfo).port,
    path: "/invocations",
    contentType: "text/csv",
    file: join(dir, "row"),
    perSecond: 200,
    warmUpSeconds: 0.1,
    seconds: 0.5,
    expected: "setosa",
    isSpinning: false,
  };
  try {
    const program = join(import.meta.dirname, "steady-load.ts");
    const { stdout } = await run(process.execPath, [program, JSON.stringify(options)]);
    return JSON.parse(stdout) as SteadyResult;
  } finally {
    server.closeAllConnections();
    server.close();
  }
};

test("every request arrives whole, and is measured", async () => {
  const bodies = new Set<string>();
  const found = await load(async (request, response) => {
    bodies.add(`${request.method} ${request.headers["content-type"]} ${await text(request)}`);
    response.end("setosa\n");
  });
  expect([...bodies]).toEqual(["POST text/csv 1,2,3\n"]);
  expect(found).toMatchObject({ requests: 100, failed: 0 });
  expect(found.p50Ms).toBeGreaterThan(0);
  expect(found.maxMs).toBeGreaterThanOrEqual(found.p99Ms);
});

test("another status, another label and a broken connection are failures", async () => {
  let count = 0;
  const found = await load((request, response) => {
    request.resume();
    count += 1;
    if (count % 4 === 0) response.destroy();
    else
      response.writeHead(count % 4 === 1 ? 500 : 200).end(count % 4 === 2 ? "rose\n" : "setosa\n");
  });
  expect(found.requests).toBe(100);
  expect(found.failed).toBeGreaterThanOrEqual(70);
  expect(found.failed).toBeLessThanOrEqual(80);
});

test("latency counts from the time that a request was due, while others wait", async () => {
  const found = await load((request, response) => {
    request.resume();
    setTimeout(() => response.end("setosa\n"), 100);
  });
  expect(found.failed).toBe(0);
  expect(found.p50Ms).toBeGreaterThanOrEqual(99);
});

test("answers are complete with their length or their last chunk", () => {
  const head = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\n";
  expect(parseAnswer(head.slice(0, 20))).toBeUndefined();
  expect(parseAnswer(`${head}ok`)).toBeUndefined();
  expect(parseAnswer(`${head}ok\n`)).toEqual({ status: 200, body: "ok\n", isLast: true });
  const chunked = "HTTP/1.1 503 No\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n";
  expect(parseAnswer(chunked)).toBeUndefined();
  expect(parseAnswer(`${chunked}0\r\n\r\n`)).toMatchObject({ status: 503, isLast: false });
});

test("a quantile is one of the values", () => {
  const values = Array.from({ length: 200 }, (_, index) => 200 - index);
  expect(quantile(values, 0.5)).toBe(100);
  expect(quantile(values, 0.99)).toBe(198);
  expect(quantile(values, 1)).toBe(200);
  expect(quantile([], 0.5)).toBeNaN();
});
