import { gzipSync } from "node:zlib";
import { InputError } from "@byoc/errors";
import type { Hono } from "hono";
import { expect, test } from "vitest";
import { answerFirstFeature, createIrisApp } from "../../test/fixtures/iris.ts";
import { InvocationError } from "../invocation-error.ts";

const ROW = "5.1,3.5,1.4,0.2\n";
const CSV = { "content-type": "text/csv" };

const post = async (
  app: Hono | Promise<Hono>,
  body: string | Buffer<ArrayBuffer>,
  headers: Record<string, string> = CSV,
): Promise<Response> => (await app).request("/invocations", { method: "POST", body, headers });

test("CSV in, labels out", async () => {
  const response = await post(createIrisApp(), `${ROW}6.7,3.1,4.7,1.5\n`);
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("text/csv");
  expect(await response.text()).toBe("setosa\nversicolor\n");
});

test("JSON in, labels and probabilities out", async () => {
  const body = '{"instances": [[5.1, 3.5, 1.4, 0.2]]}';
  const response = await post(createIrisApp(), body, { "content-type": "application/json" });
  expect(response.headers.get("content-type")).toBe("application/json");
  expect(await response.json()).toEqual({
    predictions: [{ label: "setosa", probabilities: { setosa: 1, versicolor: 0, virginica: 0 } }],
  });
});

test("JSON Lines in, one object a line out", async () => {
  const app = createIrisApp({ service: { predict: answerFirstFeature } });
  const response = await post(app, "[5.1,1,1,1]\n[6.3,1,1,1]\n", {
    "content-type": "application/jsonlines",
  });
  expect(response.headers.get("content-type")).toBe("application/jsonlines");
  expect(await response.text()).toBe('{"value":5.1}\n{"value":6.3}\n');
});

test.each(["text/csv; charset=utf-8", "Text/CSV", "text/csv;label_size=0"])(
  "the Content-Type %s is CSV",
  async (type) => {
    const response = await post(createIrisApp(), ROW, { "content-type": type });
    expect(await response.text()).toBe("setosa\n");
  },
);

test.each(["text/plain", "application/octet-stream", "application/x-www-form-urlencoded", "csv"])(
  "the Content-Type %s is a 415 that lists what is supported",
  async (type) => {
    const response = await post(createIrisApp(), ROW, { "content-type": type });
    expect(response.status).toBe(415);
    expect(await response.json()).toEqual({
      error: {
        code: "UNSUPPORTED_CONTENT_TYPE",
        message: `expected a Content-Type of text/csv, application/json, application/jsonlines or text/libsvm, found "${type}"`,
      },
    });
  },
);

test("no Content-Type is a 415: a format is never guessed", async () => {
  const response = await post(createIrisApp(), Buffer.from(ROW), {});
  expect(response.status).toBe(415);
  expect(await response.text()).toContain("found none");
});

test("a body that is compressed with gzip is inflated", async () => {
  const headers = { ...CSV, "content-encoding": "GZIP" };
  const response = await post(createIrisApp(), gzipSync(ROW.repeat(1000)), headers);
  expect(await response.text()).toBe("setosa\n".repeat(1000));
});

test("a body that says gzip and is not, or is cut short, is a 400", async () => {
  const headers = { ...CSV, "content-encoding": "gzip" };
  for (const body of [Buffer.from(ROW), gzipSync(ROW).subarray(0, -6)]) {
    const response = await post(createIrisApp(), body, headers);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: "BODY_NOT_GZIP" } });
  }
});

test("a body that inflates beyond the limit is a 413", async () => {
  const app = createIrisApp({ settings: { maxBodyBytes: 10_000 } });
  const bomb = gzipSync(ROW.repeat(10_000));
  expect(bomb.byteLength).toBeLessThan(10_000);
  const response = await post(app, bomb, { ...CSV, "content-encoding": "gzip" });
  expect(response.status).toBe(413);
  expect(await response.json()).toMatchObject({ error: { code: "BODY_INFLATES_TOO_FAR" } });
});

test("any other compression is a 415 that says so", async () => {
  const app = await createIrisApp();
  const response = await post(app, ROW, { ...CSV, "content-encoding": "br" });
  expect(response.status).toBe(415);
  expect(await response.json()).toMatchObject({ error: { code: "UNSUPPORTED_CONTENT_ENCODING" } });
  expect((await post(app, ROW, { ...CSV, "content-encoding": "identity" })).status).toBe(200);
});

test.each([
  [undefined, "text/csv"],
  ["*/*", "text/csv"],
  ["application/json", "application/json"],
  ["text/html, application/*;q=0.5", "application/json"],
  ["application/jsonlines;q=0.9, application/json;q=0.1", "application/jsonlines"],
])("for CSV and the Accept header %s the answer is %s", async (accept, expected) => {
  const headers = accept === undefined ? CSV : { ...CSV, accept };
  const response = await post(createIrisApp(), ROW, headers);
  expect(response.headers.get("content-type")).toBe(expected);
});

test("the default for Accept from the environment comes before the type of the request", async () => {
  const app = createIrisApp({ settings: { defaultAccept: "application/jsonlines" } });
  const response = await post(app, ROW, { ...CSV, accept: "*/*" });
  expect(response.headers.get("content-type")).toBe("application/jsonlines");
});

test("an Accept header that nothing satisfies is a 406 that lists what is offered", async () => {
  const response = await post(createIrisApp(), ROW, { ...CSV, accept: "image/png" });
  expect(response.status).toBe(406);
  expect(await response.json()).toEqual({
    error: {
      code: "NOT_ACCEPTABLE",
      message:
        'the Accept header is "image/png"; this container answers application/json, text/csv or application/jsonlines',
    },
  });
});

test("a wrong cell is a 400 with its row and column", async () => {
  const response = await post(createIrisApp(), `${ROW}5.1,oops,1.4,0.2\n`);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { row: 2, column: 2 } });
});

test.each(Object.entries({ "text/csv": "", "application/json": "", "application/jsonlines": "" }))(
  "an empty body of %s is a 400",
  async (type, body) => {
    const response = await post(createIrisApp(), body, { "content-type": type });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: "BODY_EMPTY" } });
  },
);

test("a body beyond the limit is a 413, from its Content-Length or from counting", async () => {
  const app = await createIrisApp({ settings: { maxBodyBytes: ROW.length } });
  expect((await post(app, ROW)).status).toBe(200);

  const declared = await post(app, "", { ...CSV, "content-length": String(ROW.length + 1) });
  expect(declared.status).toBe(413);

  let chunks = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      chunks++;
      controller.enqueue(Buffer.from(ROW));
    },
  });
  const init = { method: "POST", body: endless, headers: CSV, duplex: "half" };
  const counted = await app.request("/invocations", init as RequestInit);
  expect(counted.status).toBe(413);
  expect(chunks).toBeLessThan(10);
  expect(await counted.json()).toMatchObject({
    error: { code: "BODY_TOO_LARGE", message: expect.stringContaining("16 bytes") },
  });
});

test("what predict throws for a client reaches it, with status, code and place", async () => {
  const busy = createIrisApp({
    service: {
      predict: () => {
        throw new InvocationError(503, "GPU_BUSY", "try again", { row: 1 });
      },
    },
  });
  const response = await post(busy, ROW);
  expect(response.status).toBe(503);
  expect(await response.json()).toEqual({
    error: { code: "GPU_BUSY", message: "try again", row: 1 },
  });

  const wrong = createIrisApp({
    service: { predict: () => Promise.reject(new InputError("TOO_TALL", "no", { column: 3 })) },
  });
  expect((await post(wrong, ROW)).status).toBe(400);
});

test.each([
  [new TypeError("secret")],
  ["secret"],
  [Object.assign(new InvocationError(200, "SECRET", "secret"))],
])("a bug is a 500 that tells the client nothing", async (bug) => {
  const app = createIrisApp({ service: { predict: () => Promise.reject(bug) } });
  const response = await post(app, ROW);
  expect(response.status).toBe(500);
  const text = await response.text();
  expect(JSON.parse(text)).toMatchObject({ error: { code: "INTERNAL_ERROR" } });
  expect(text).not.toMatch(/secret|at /);
});

test.each([
  { kind: "values", values: new Float64Array(2) } as const,
  { kind: "classes", classes: ["a"], indices: new Int32Array([1]) } as const,
  { kind: "classes", classes: ["a"], indices: new Int32Array([-1]) } as const,
  {
    kind: "classes",
    classes: ["a", "b"],
    indices: new Int32Array(1),
    probabilities: new Float64Array(1),
  } as const,
])("predictions that do not fit the rows are a bug, not an answer", async (predictions) => {
  const app = createIrisApp({ service: { predict: () => predictions } });
  expect((await post(app, ROW)).status).toBe(500);
});

test("the signal of a request reaches predict", async () => {
  const client = new AbortController();
  let seen: AbortSignal | undefined;
  const app = await createIrisApp({
    service: {
      predict: (_, __, { signal }) => {
        seen = signal;
        client.abort();
        return Promise.reject(signal.reason as Error);
      },
    },
  });
  const init = { method: "POST", body: ROW, headers: CSV, signal: client.signal };
  const response = await app.request(new Request("http://localhost/invocations", init));
  expect(seen?.aborted).toBe(true);
  expect(response.status).toBe(499);
});
