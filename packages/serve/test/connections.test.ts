import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { readFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import { ServerProcess } from "./server-process.ts";
import { countFiles } from "./soak/process-usage.ts";
import { formatHead, RawClient } from "./soak/raw-client.ts";

let server: ServerProcess;

const start = async (
  fixture: string,
  cost: string,
  environment: Record<string, string> = {},
): Promise<URL> => {
  server = new ServerProcess(fixture, { FIXTURE_COST: cost, ...environment });
  return new URL(await server.readyUrl());
};

afterEach(async () => {
  server.child.kill("SIGKILL");
  await server.exit();
});

const invoke = (client: RawClient, body: string, attributes = ""): void => {
  client.write(
    formatHead({
      "content-type": "text/csv",
      "content-length": body.length,
      ...(attributes === "" ? {} : { "x-amzn-sagemaker-custom-attributes": attributes }),
    }) + body,
  );
};

const ticksOf = (id: number): number => {
  const fields = readFileSync(`/proc/${id}/stat`, "utf8").split(" ");
  return Number(fields[13]) + Number(fields[14]);
};

/** The worker that computes. */
const findBusy = async (ids: readonly number[]): Promise<number> => {
  const before = ids.map(ticksOf);
  await sleep(500);
  const used = ids.map((id, at) => ticksOf(id) - before[at]!);
  return ids[used.indexOf(Math.max(...used))] ?? 0;
};

test("connections that a dead worker had not taken go to another", async () => {
  const url = await start("serve-behaviours.ts", "short", { SAGEMAKER_MODEL_SERVER_WORKERS: "2" });
  while (server.workerIds().length < 2) await sleep(50);
  await sleep(1_500);
  const blocked = new RawClient(url);
  invoke(blocked, "1,60000\n");
  const busy = await findBusy(server.workerIds());
  const others = Array.from({ length: 6 }, () => new RawClient(url));
  for (const [at, client] of others.entries()) invoke(client, `0,${at}\n`);
  await sleep(300);
  process.kill(busy, "SIGKILL");
  const answers = await Promise.all(others.map((client) => client.read()));
  expect(answers.map(({ status, body }) => [status, body])).toEqual(
    others.map((_, at) => [200, `${at}\n`]),
  );
  expect((await blocked.read()).status).toBe(500);
});

test("what waits for a worker at SIGTERM is told so", async () => {
  const url = await start("serve-behaviours.ts", "short", {
    SAGEMAKER_MODEL_SERVER_WORKERS: "1",
    FIXTURE_LOAD_MS: "5000",
  });
  process.kill(server.workerIds()[0] ?? 0, "SIGKILL");
  await server.waitFor(/it is replaced/);
  const client = new RawClient(url);
  invoke(client, "0,1\n");
  await sleep(200);
  server.child.kill("SIGTERM");
  const { status, body } = await client.read();
  expect([status, body]).toEqual([503, expect.stringContaining("SHUTTING_DOWN")]);
  expect(await server.exit()).toBe(0);
}, 60_000);

test("an answer that a worker's death cuts is not followed by another", async () => {
  const url = await start("serve-linear.ts", "short", { SAGEMAKER_MODEL_SERVER_WORKERS: "1" });
  const socket = connect(Number(url.port), url.hostname);
  socket.write(formatHead({}, "GET /long"));
  await new Promise((resolve) => socket.once("readable", resolve));
  await sleep(500);
  process.kill(server.workerIds()[0] ?? 0, "SIGKILL");
  let received = "";
  socket.on("error", () => {});
  for await (const piece of socket.setEncoding("latin1")) received += String(piece);
  expect(received.match(/HTTP\/1\.1/g)).toHaveLength(1);
});

describe.each(["short", "long"])("a server of a %s model", (cost) => {
  test("closes what is no HTTP by itself", async () => {
    const url = await start("serve-linear.ts", cost);
    await sleep(1_500);
    const id = server.child.pid ?? 0;
    const before = countFiles(id);
    const sockets = Array.from({ length: 10 }, () => {
      const socket = connect({ port: Number(url.port), host: url.hostname, allowHalfOpen: true });
      socket.on("error", () => {}).resume();
      socket.write("HELLO\r\n\r\n");
      return socket;
    });
    await sleep(3_000);
    expect(countFiles(id)).toBeLessThan(before + 5);
    for (const socket of sockets) socket.destroy();
  });

  test("does not answer a request with what is said of the bytes behind it", async () => {
    const url = await start("serve-linear.ts", cost);
    const client = new RawClient(url);
    invoke(client, "4,0,0,0\n", "wait=300");
    await sleep(100);
    client.write("HELLO\r\n\r\n");
    const answer = await client.read().catch((error: Error) => error.message);
    expect(answer).not.toMatchObject({ status: 400 });
  });

  test("closes connections at rest at once when it stops", async () => {
    const url = await start("serve-linear.ts", cost);
    const client = new RawClient(url);
    invoke(client, "4,0,0,0\n");
    expect((await client.read()).body).toBe("13\n");
    // One that has never sent anything is given a second more: what rests must not wait for that.
    const silent = new RawClient(url);
    await sleep(300);
    const closed: string[] = [];
    const ends = Object.entries({ resting: client, silent }).map(
      ([name, { socket }]) =>
        new Promise<void>((resolve) => {
          socket.once("close", () => {
            closed.push(name);
            resolve();
          });
        }),
    );
    server.child.kill("SIGTERM");
    await Promise.all(ends);
    expect(closed).toEqual(["resting", "silent"]);
  });

  test("closes a connection whose client has not sent its body, as it was told", async () => {
    const url = await start("serve-linear.ts", cost, { SAGEMAKER_MAX_PAYLOAD_IN_MB: "1" });
    const client = new RawClient(url);
    client.write(
      formatHead({ "content-type": "text/csv", "content-length": 3e6, expect: "100-continue" }),
    );
    const { status, headers } = await client.read();
    expect([status, headers["connection"]]).toEqual([413, "close"]);
  });
});

test("a prediction that does not heed its signal keeps its place for a second", async () => {
  const url = await start("serve-behaviours.ts", "long", { SAGEMAKER_MODEL_SERVER_WORKERS: "1" });
  const left = new RawClient(url);
  invoke(left, "6,0\n");
  await sleep(300);
  left.close();
  const next = new RawClient(url);
  invoke(next, "0,42\n");
  expect((await next.read()).body).toBe("42\n");
});

test("a server that stood still itself does not blame its workers", async () => {
  const url = await start("serve-behaviours.ts", "short", { SAGEMAKER_MODEL_SERVER_TIMEOUT: "1" });
  await sleep(1_500);
  server.child.kill("SIGSTOP");
  await sleep(5_000);
  server.child.kill("SIGCONT");
  await sleep(1_500);
  expect(server.stderr).toBe("");
  const client = new RawClient(url);
  invoke(client, "0,42\n");
  expect((await client.read()).body).toBe("42\n");
});
