import { execFile } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { answerDescription, describeService } from "./describe-service.ts";
import { type DescribedService, toBaseUrl, toOutputDeclaration } from "./described-service.ts";
import { toExamplePng } from "./example-png.ts";
import { DECODERS } from "../decoders/index.ts";
import { decode } from "../decoders/testing/decode.ts";
import { toExampleBody, toExampleCommand } from "./example-request.ts";

const IRIS: DescribedService = {
  title: "iris",
  input: { columns: 4, names: ["sepal_length", "sepal_width", "petal_length", "petal_width"] },
  contentTypes: ["application/json", "text/csv"],
  accepts: ["application/json", "text/csv"],
  maxBodyBytes: 25 * 1024 ** 2,
  maxRows: Infinity,
  output: { kind: "classes", classes: ["setosa", "virginica"], hasProbabilities: true },
};

const BASE_URL = "http://localhost:8080";

const run = promisify(execFile);

/** Runs a command in a shell, and gives what it sent to a real server on that address. */
const paste = async (
  toCommand: (baseUrl: string) => string,
): Promise<{ contentType: string | undefined; url: string | undefined; body: Buffer }> => {
  const sent = Promise.withResolvers<Awaited<ReturnType<typeof paste>>>();
  const server = createServer(async (request, response) => {
    const chunks = (await request.toArray()) as Buffer[];
    const { url, headers } = request;
    sent.resolve({ contentType: headers["content-type"], url, body: Buffer.concat(chunks) });
    response.end("answered");
  });
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const { stdout } = await run("sh", ["-c", toCommand(`http://127.0.0.1:${port}`)]);
  expect(stdout).toBe("answered");
  return sent.promise;
};

test("the description says what the model takes and gives, with an example", () => {
  expect(describeService(IRIS, BASE_URL)).toMatchObject({
    title: "iris",
    input: { kind: "features", columns: 4 },
    output: { kind: "classes", classes: ["setosa", "virginica"] },
    contentTypes: ["application/json", "text/csv"],
    limits: { maxBodyBytes: 26_214_400, maxRows: null },
    example: `curl -H 'Content-Type: text/csv' -H 'Accept: application/json' --data-binary '0.5,1.5,2.5,3.5' ${BASE_URL}/invocations`,
  });
});

test.each([
  [4, ["text/csv"], "text/csv", 4],
  [4, ["application/json"], "application/json", 4],
  [3, ["application/jsonlines"], "application/jsonlines", 3],
  [100, ["text/csv"], "text/csv", 100],
  [784, ["text/csv", "application/json"], "text/csv", 784],
] as const)(
  "the example of %i columns in %j sends one whole row when pasted",
  async (columns, contentTypes, contentType, expected) => {
    const service = { ...IRIS, input: { columns }, contentTypes };
    const sent = await paste((baseUrl) => toExampleCommand(service, baseUrl));
    expect(sent).toMatchObject({ contentType, url: "/invocations" });
    expect(sent.body.toString().match(/\d+(?:\.\d+)?/g)).toHaveLength(expected);
  },
);

test.each([
  [32, 32, 3],
  [224, 160, 3],
  [28, 28, 1],
] as const)(
  "the example of a model of images sends a picture of %i x %i x %i when pasted",
  async (width, height, channels) => {
    const input = { kind: "images", width, height, channels } as const;
    const service = { ...IRIS, input, contentTypes: ["image/jpeg", "image/png"] };
    const sent = await paste((baseUrl) => toExampleCommand(service, baseUrl));
    expect(sent.contentType).toBe("image/png");
    expect(sent.body.equals(toExamplePng(input))).toBe(true);
    expect(sent.body.readUInt32BE(16)).toBe(width);
    expect(sent.body.readUInt32BE(20)).toBe(height);
    expect(sent.body.length).toBeLessThan(1000);
  },
);

test("a model of bytes has a command that names a file", () => {
  const service = { ...IRIS, input: { kind: "bytes" }, contentTypes: [] } as const;
  expect(toExampleCommand(service, BASE_URL)).toContain("--data-binary @file");
});

test.each([
  [undefined, "application/json"],
  ["*/*", "application/json"],
  ["application/json", "application/json"],
  ["image/png", "application/json"],
  ["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html; charset=utf-8"],
  ["text/html;q=0.1, application/json", "application/json"],
])("a client that accepts %j gets %s", (accept, contentType) => {
  const { headers, body } = answerDescription(IRIS, { accept, baseUrl: BASE_URL });
  expect(headers["content-type"]).toBe(contentType);
  if (contentType === "application/json") expect(JSON.parse(body)).toHaveProperty("example");
  else expect(body).toMatch(/^<!doctype html>/);
});

test("the page shows names and labels as text, whatever they hold, and loads nothing", () => {
  const service: DescribedService = {
    ...IRIS,
    title: "<script>alert(1)</script>",
    input: { columns: 1, names: ['a"b&c'], acceptsMissing: true },
    output: { kind: "classes", classes: ["<img src=x>"], hasProbabilities: false },
  };
  const { body, headers } = answerDescription(service, { accept: "text/html", baseUrl: BASE_URL });
  expect(body).toContain("a&quot;b&amp;c (cells may be empty)");
  expect(body).toContain("&lt;img src=x&gt;");
  expect(body).not.toMatch(/<(?:script|img|link|iframe)\b/);
  expect(body.match(/(?:src|href)="(?!openapi\.json")/g)).toBeNull();
  expect(headers["content-security-policy"]).toContain("default-src 'none'");
});

test.each([...DECODERS])(
  "the example of %s is one that its decoder reads",
  async (type, factory) => {
    const body = toExampleBody(type, [0.5, 1.5]);
    if (body === undefined) return;
    expect(await decode(factory, body)).toMatchObject({
      rows: 1,
      values: Float64Array.of(0.5, 1.5),
    });
  },
);

test.each([
  ["localhost:32768", "http://localhost:32768"],
  ["my-host.example", "http://my-host.example"],
  ["[::1]:8080", "http://[::1]:8080"],
  [undefined, "http://localhost:8080"],
  ["", "http://localhost:8080"],
  ["a'; rm -rf ~; '", "http://localhost:8080"],
  ["$(id):80", "http://localhost:8080"],
  ["a/b", "http://localhost:8080"],
])("a Host header of %j makes the address %s", (host, url) => {
  expect(toBaseUrl(host, 8080)).toBe(url);
});

test("a prediction tells labels and probabilities of all that follow", () => {
  const classes = ["a", "b"];
  const indices = Uint8Array.of(1);
  expect(toOutputDeclaration({ kind: "classes", classes, indices })).toEqual({
    kind: "classes",
    classes,
    hasProbabilities: false,
  });
  expect(toOutputDeclaration({ kind: "values", values: Float64Array.of(1) })).toEqual({
    kind: "values",
  });
});
