import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { irisService } from "../../test/fixtures/iris.ts";
import { createHandler } from "../../test/fixtures/handler.ts";
import { createServer, type HttpServer } from "./server.ts";
import type { Service } from "../service.ts";

const ROW = "5.1,3.5,1.4,0.2\n";
const MAX_BODY_BYTES = 4 * 1024 * 1024;
const CSV = { "content-type": "text/csv" };

let server: HttpServer | undefined;

const start = async (service: Partial<typeof irisService> = {}): Promise<string> => {
  const settings = { maxBodyBytes: MAX_BODY_BYTES };
  server = createServer(await createHandler({ ...irisService, ...service }, settings), settings);
  return server.listen("127.0.0.1", 0);
};

afterEach(async () => {
  await server?.drain(0);
  server = undefined;
});

/** Predicts when it is told to, so that a test knows what runs. */
const createGate = (): {
  predict: Service<ReturnType<typeof irisService.load>>["predict"];
  entered: Promise<AbortSignal>;
  open: () => void;
} => {
  const entered = Promise.withResolvers<AbortSignal>();
  const gate = Promise.withResolvers<void>();
  return {
    entered: entered.promise,
    open: gate.resolve,
    predict: async (model, rows, context) => {
      entered.resolve(context.signal);
      await gate.promise;
      return irisService.predict(await model, rows, context);
    },
  };
};

const openSocket = async (url: string): Promise<Socket> => {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  await once(socket, "connect");
  return socket.setEncoding("utf8");
};

const readUntil = async (socket: Socket, end: RegExp): Promise<string> => {
  let text = "";
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    text += chunk;
    if (end.test(text)) break;
  }
  return text;
};

const readToEnd = (socket: Socket): Promise<string> => readUntil(socket, /$^/);

test("a real client is answered, and its connection is kept for the next request", async () => {
  const socket = await openSocket(await start());
  const request = `POST /invocations HTTP/1.1\r\nhost: x\r\ncontent-type: text/csv\r\ncontent-length: 16\r\n\r\n${ROW}`;
  for (let round = 0; round < 3; round++) {
    socket.write(request);
    const answer = await readUntil(socket, /setosa\n/);
    expect(answer).toMatch(/^HTTP\/1.1 200 OK\r\n/);
    expect(answer).toMatch(/content-length: 7\r\n/i);
    expect(answer).toMatch(/keep-alive: timeout=7\d/i);
  }
  socket.destroy();
});

test("a body that arrives in chunks and slowly, without Content-Length, is read", async () => {
  const url = await start();
  const body = (async function* () {
    for (const byte of Buffer.from(ROW)) {
      yield Buffer.from([byte]);
      await sleep(2);
    }
  })();
  const response = await fetch(`${url}/invocations`, {
    method: "POST",
    headers: CSV,
    body: ReadableStream.from(body),
    duplex: "half",
  } as RequestInit);
  expect(await response.text()).toBe("setosa\n");
});

test("a declared body beyond the limit is refused before a byte of it arrives", async () => {
  const socket = await openSocket(await start());
  socket.write(
    "POST /invocations HTTP/1.1\r\nhost: x\r\ncontent-type: text/csv\r\ncontent-length: 999999999\r\n\r\n",
  );
  const answer = await readUntil(socket, /\}\}$/);
  expect(answer).toMatch(/^HTTP\/1.1 413 /);
  expect(answer).toContain('"code":"BODY_TOO_LARGE"');
  socket.destroy();
});

test("a client that waits for 100 Continue is told to go on, or at once that the body is too large", async () => {
  const url = await start();
  const ask = async (bytes: number): Promise<string> => {
    const socket = await openSocket(url);
    socket.write(
      `POST /invocations HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-type: text/csv\r\ncontent-length: ${bytes}\r\n\r\n`,
    );
    const answer = await readUntil(socket, /\r\n\r\n/);
    socket.destroy();
    return answer;
  };
  expect(await ask(16)).toMatch(/^HTTP\/1.1 100 /);
  expect(await ask(MAX_BODY_BYTES + 1)).toMatch(/^HTTP\/1.1 413 /);
});

test("a client that sends more than the limit still reads the 413", async () => {
  const url = await start();
  const chunk = Buffer.alloc(1024 * 1024, ROW);
  const body = (async function* () {
    for (let megabytes = 0; megabytes < 8; megabytes++) yield chunk;
  })();
  const response = await fetch(`${url}/invocations`, {
    method: "POST",
    headers: CSV,
    body: ReadableStream.from(body),
    duplex: "half",
  } as RequestInit);
  expect(response.status).toBe(413);
  expect(await response.json()).toMatchObject({ error: { code: "BODY_TOO_LARGE" } });
});

test("a client that goes away turns the signal of its prediction", async () => {
  const gate = createGate();
  const url = await start({ predict: gate.predict });
  const client = new AbortController();
  const request = fetch(`${url}/invocations`, {
    method: "POST",
    headers: CSV,
    body: ROW,
    signal: client.signal,
  });
  const signal = await gate.entered;
  expect(signal.aborted).toBe(false);
  client.abort();
  await expect(request).rejects.toThrow("aborted");
  if (!signal.aborted) await once(signal, "abort");
  gate.open();
});

test("a client that goes away inside its body leaves the server well", async () => {
  const url = await start();
  const socket = await openSocket(url);
  socket.write(
    "POST /invocations HTTP/1.1\r\nhost: x\r\ncontent-type: text/csv\r\ncontent-length: 16\r\n\r\n5.1,",
  );
  await sleep(50);
  socket.destroy();
  await sleep(50);
  expect((await fetch(`${url}/ping`)).status).toBe(200);
});

test.each([
  ["NONSENSE\r\n\r\n", 400, "MALFORMED_REQUEST"],
  ["GET http://:bad HTTP/1.1\r\nhost: x\r\n\r\n", 400, "MALFORMED_REQUEST"],
  [`GET /ping HTTP/1.1\r\nx: ${"y".repeat(20_000)}\r\n\r\n`, 431, "HEADERS_TOO_LARGE"],
])(
  "what is no request is answered in the shape of every error (%#)",
  async (text, status, code) => {
    const socket = await openSocket(await start());
    socket.write(text);
    const answer = await readUntil(socket, /\}\}$/);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toMatch(/content-type: application\/json\r\n/i);
    expect(JSON.parse(answer.slice(answer.indexOf("\r\n\r\n")))).toMatchObject({ error: { code } });
    socket.destroy();
  },
);

test("the answer to a ping is empty, and says so in its Content-Length", async () => {
  const socket = await openSocket(await start());
  socket.write("GET /ping HTTP/1.1\r\nhost: x\r\n\r\n");
  const answer = await readUntil(socket, /\r\n\r\n/);
  expect(answer).toMatch(/^HTTP\/1.1 200 OK\r\n/);
  expect(answer).toMatch(/content-length: 0\r\n/i);
  socket.destroy();
});

test("a request without Host, as HTTP/1.0 has it, is answered", async () => {
  const socket = await openSocket(await start());
  socket.write("GET /ping HTTP/1.0\r\n\r\n");
  expect(await readToEnd(socket)).toMatch(/^HTTP\/1.1 200 OK/);
});

test("draining finishes what runs, closes what idles, and takes nothing new", async () => {
  const gate = createGate();
  const url = await start({ predict: gate.predict });
  const idle = await openSocket(url);
  idle.write("GET /ping HTTP/1.1\r\nhost: x\r\n\r\n");
  await readUntil(idle, /\r\n\r\n/);
  const running = fetch(`${url}/invocations`, { method: "POST", headers: CSV, body: ROW });
  await gate.entered;

  const drained = server?.drain(20_000);
  expect(await readToEnd(idle)).toBe("");
  await expect(fetch(`${url}/ping`)).rejects.toThrow("fetch failed");
  gate.open();
  const response = await running;
  expect(response.headers.get("connection")).toBe("close");
  expect(await response.text()).toBe("setosa\n");
  await drained;
});

test("draining does not wait for connections that never sent a whole request", async () => {
  const url = await start();
  const silent = await openSocket(url);
  const half = await openSocket(url);
  half.write("GET /ping HTTP/1.1\r\nho");
  await server?.drain(20_000);
  expect(await readToEnd(silent)).toBe("");
  expect(await readToEnd(half)).toBe("");
});

test("draining cuts what has not been answered in time, and turns its signal", async () => {
  const gate = createGate();
  const url = await start({ predict: gate.predict });
  const running = fetch(`${url}/invocations`, { method: "POST", headers: CSV, body: ROW });
  const signal = await gate.entered;
  const outcome = running.catch((error: unknown) => error);
  await server?.drain(50);
  expect(await outcome).toMatchObject({ message: "fetch failed" });
  if (!signal.aborted) await once(signal, "abort");
  gate.open();
});

test("a port that is taken is an error that names it", async () => {
  const url = await start();
  const port = Number(new URL(url).port);
  const second = createServer(() => {}, { maxBodyBytes: 1 });
  await expect(second.listen("127.0.0.1", port)).rejects.toMatchObject({
    name: "InputError",
    code: "LISTEN_FAILED",
    message: expect.stringContaining(`127.0.0.1:${port}`),
  });
});
