import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { ServerProcess } from "./server-process.ts";
import { readUsage } from "./soak/process-usage.ts";
import { formatHead, RawClient } from "./soak/raw-client.ts";

let server: ServerProcess;

const start = async (cost: string, environment: Record<string, string> = {}): Promise<URL> => {
  server = new ServerProcess("serve-linear.ts", {
    FIXTURE_COST: cost,
    SAGEMAKER_MODEL_SERVER_WORKERS: "1",
    ...environment,
  });
  return new URL(await server.readyUrl());
};

afterEach(async () => {
  server.child.kill("SIGKILL");
  await server.exit();
});

/** A request whose answer comes in parts of 256 rows, so many milliseconds apart. */
const askStream = (url: URL, rows: number, wish: string): RawClient => {
  const client = new RawClient(url);
  const body = "1,2,3,4\n".repeat(rows);
  client.write(
    formatHead({
      "content-type": "text/csv",
      "content-length": body.length,
      "x-amzn-sagemaker-custom-attributes": wish,
    }),
  );
  client.write(body);
  return client;
};

const askOnce = async (url: URL): Promise<number> => {
  const headers = { "content-type": "text/csv" };
  const init = { method: "POST", headers, body: "1,2,3,4\n" };
  return (await fetch(new URL("invocations", url), init)).status;
};

describe.each(["short", "long"])("a stream of a %s model", (cost) => {
  test("ends quietly whenever its client goes away", async () => {
    const url = await start(cost);
    for (const delayMs of [0, 1, 2, 3, 5, 8, 13, 20, 40, 80, 150]) {
      const client = askStream(url, 5_000, "stream=20");
      await sleep(delayMs);
      client.socket.resetAndDestroy();
    }
    await sleep(500);
    expect(await askOnce(url)).toBe(200);
    expect(server.stderr).toBe("");
  });

  test("waits for a client that reads slowly, instead of being kept in memory", async () => {
    const url = await start(cost);
    expect(await askOnce(url)).toBe(200);
    const pssOf = (id = 0): number => readUsage(id)?.pssMb ?? 0;
    const measure = (): number =>
      [server.child.pid, ...server.workerIds()].reduce<number>((sum, id) => sum + pssOf(id), 0);
    const beforeMb = measure();
    const slow = askStream(url, 1, "flood=3000");
    slow.socket.pause();
    await sleep(4_000);
    expect(measure()).toBeLessThan(beforeMb + 60);
    slow.socket.resume();
    const answer = await slow.read();
    expect(answer.body.split("\n")).toHaveLength(3_000 * 8192 + 1);
    slow.close();
  }, 60_000);

  test("carries the custom attributes that the model sets", async () => {
    const url = await start(cost);
    const answer = await askStream(url, 300, "stream=1").read();
    expect(answer.headers["x-amzn-sagemaker-custom-attributes"]).toBe("rows=300; asked=stream=1");
    expect(answer.body.trimEnd().split("\n")).toHaveLength(300);
  });
});
