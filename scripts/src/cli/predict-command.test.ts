import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { expect, test } from "vitest";
import { run, type RunResult } from "../testing/run.ts";
import { repositoryDir } from "../repository.ts";

const predict = (args: readonly string[], input?: string): Promise<RunResult> =>
  run(process.execPath, [join(repositoryDir, "scripts/src/byoc.ts"), "predict", ...args], {
    cwd: repositoryDir,
    ...(input === undefined ? {} : { input }),
  });

/** Runs `use` with the port of a server that answers as `answer` does. */
const withServer = async <T>(
  answer: RequestListener,
  use: (port: string) => Promise<T>,
): Promise<T> => {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    return await use(String((server.address() as AddressInfo).port));
  } finally {
    server.closeAllConnections();
    server.close();
  }
};

test("the request has a SageMaker client's headers and no others, and the answer comes out as it is", async () => {
  let seen: { url: string | undefined; headers: IncomingHttpHeaders; body: string } | undefined;
  const answer: RequestListener = async (request, response) => {
    seen = { url: request.url, headers: request.headers, body: String(await buffer(request)) };
    response.end(Buffer.from([0x61, 0x0a, 0xff, 0x00]));
  };
  await withServer(answer, async (port) => {
    const args = [
      "-",
      "--port",
      port,
      "--accept",
      "application/json",
      "--custom-attributes",
      "trace=1",
    ];
    const { exitCode, stdout, stderr } = await predict(args, "5.1,3.5\n");
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 0,
      stdout: "a\n\ufffd\0",
      stderr: "",
    });
    expect(seen).toEqual({
      url: "/invocations",
      body: "5.1,3.5\n",
      headers: {
        host: `127.0.0.1:${port}`,
        "content-type": "text/csv",
        accept: "application/json",
        "content-length": "8",
        "x-amzn-sagemaker-custom-attributes": "trace=1",
        connection: expect.any(String) as string,
      },
    });
  });
});

test("the file's ending tells the content type, and --content-type overrules it", async () => {
  const types: (string | undefined)[] = [];
  const answer: RequestListener = (request, response) => {
    types.push(request.headers["content-type"]);
    request.resume().on("end", () => response.end());
  };
  await withServer(answer, async (port) => {
    await predict(["datasets/iris/payload.csv", "--port", port]);
    await predict(["package.json", "--port", port]);
    await predict(["LICENSE", "--port", port, "--content-type", "text/csv; charset=utf-8"]);
  });
  expect(types).toEqual(["text/csv", "application/json", "text/csv; charset=utf-8"]);
});

test.each([
  {
    body: '{"error":{"code":"CSV_X","message":"row 3: wrong"}}',
    says: "HTTP 400: row 3: wrong (CSV_X)",
  },
  { body: "plain text\n", says: "HTTP 400: plain text" },
  { body: "", says: "HTTP 400: (no body)" },
])("an HTTP error is one line on stderr and exit code 1: $says", async ({ body, says }) => {
  const answer: RequestListener = (request, response) => {
    request.resume().on("end", () => response.writeHead(400).end(body));
  };
  const result = await withServer(answer, (port) => predict(["-", "--port", port], "x"));
  expect(result).toEqual({ exitCode: 1, stdout: "", stderr: `byoc: ${says}\n` });
});

test("when nobody listens, it says how to start a server", async () => {
  const port = await withServer(
    () => {},
    (free) => Promise.resolve(free),
  );
  const { exitCode, stderr } = await predict(["-", "--port", port], "x");
  expect(exitCode).toBe(1);
  expect(stderr).toContain(`nobody listens on http://127.0.0.1:${port}`);
  expect(stderr).toContain("./scripts/byoc serve");
});
