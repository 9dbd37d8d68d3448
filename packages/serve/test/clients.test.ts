import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import {
  InvokeEndpointCommand,
  InvokeEndpointWithResponseStreamCommand,
  ModelError,
  SageMakerRuntimeClient,
} from "@aws-sdk/client-sagemaker-runtime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Front, startFront } from "./fixtures/sagemaker-front.ts";
import { ServerProcess } from "./server-process.ts";

const run = promisify(execFile);

const has = (command: string): boolean => {
  const isThere = spawnSync(command, ["--version"]).status === 0;
  if (!isThere) process.stderr.write(`NOT TESTED: there is no ${command}\n`);
  return isThere;
};

let server: ServerProcess;
let url = "";
let folder = "";

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "clients-"));
  server = new ServerProcess("serve-linear.ts", {
    FIXTURE_COST: "short",
    SAGEMAKER_MAX_PAYLOAD_IN_MB: "1",
  });
  url = await server.readyUrl();
});

afterAll(async () => {
  server.child.kill("SIGKILL");
  await server.exit();
  rmSync(folder, { recursive: true });
});

describe("the AWS SDK", () => {
  let front: Front;
  let client: SageMakerRuntimeClient;

  beforeAll(async () => {
    front = await startFront(url);
    client = new SageMakerRuntimeClient({
      endpoint: front.url,
      region: "eu-west-1",
      credentials: { accessKeyId: "none", secretAccessKey: "none" },
    });
  });

  afterAll(() => {
    client.destroy();
    front.close();
  });

  test("invokes the endpoint with CSV", async () => {
    const answer = await client.send(
      new InvokeEndpointCommand({
        EndpointName: "linear",
        ContentType: "text/csv",
        Body: "4,0,0,0\n",
      }),
    );
    expect(answer.ContentType).toBe("text/csv");
    expect(answer.Body.transformToString()).toBe("13\n");
  });

  test("invokes it with JSON and asks for another type", async () => {
    const command = new InvokeEndpointCommand({
      EndpointName: "linear",
      ContentType: "application/json",
      Accept: "application/jsonlines",
      Body: JSON.stringify({ instances: [[4, 0, 0, 0]] }),
    });
    const answer = await client.send(command);
    expect(answer.ContentType).toBe("application/jsonlines");
    expect(answer.Body.transformToString()).toBe('{"value":13}\n');
  });

  test("carries custom attributes both ways", async () => {
    const command = new InvokeEndpointCommand({
      EndpointName: "linear",
      ContentType: "text/csv",
      CustomAttributes: "trace=7",
      InferenceId: "id-1",
      Body: "4,0,0,0\n",
    });
    expect((await client.send(command)).CustomAttributes).toBe("rows=1; asked=trace=7");
    expect(front.lastHeaders()["x-amzn-sagemaker-inference-id"]).toBe("id-1");
  });

  test("sees what is wrong with a request in the ModelError", async () => {
    const command = new InvokeEndpointCommand({
      EndpointName: "linear",
      ContentType: "text/csv",
      Body: "4,0,x,0\n",
    });
    const error: unknown = await client.send(command).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ModelError);
    const { OriginalStatusCode, OriginalMessage } = error as ModelError;
    expect(OriginalStatusCode).toBe(400);
    expect(JSON.parse(OriginalMessage ?? "")).toMatchObject({
      error: { code: "CSV_NOT_A_NUMBER", row: 1, column: 3 },
    });
  });

  test("reads a streamed answer part by part", async () => {
    const command = new InvokeEndpointWithResponseStreamCommand({
      EndpointName: "linear",
      ContentType: "text/csv",
      Accept: "text/csv",
      CustomAttributes: "stream=100",
      Body: "4,0,0,0\n".repeat(1000),
    });
    const answer = await client.send(command);
    expect(answer.ContentType).toBe("text/csv");
    expect(answer.CustomAttributes).toBe("rows=1000; asked=stream=100");
    const parts: string[] = [];
    for await (const { PayloadPart } of answer.Body ?? []) {
      parts.push(Buffer.from(PayloadPart?.Bytes ?? []).toString());
    }
    expect(parts).toHaveLength(4);
    expect(parts.join("")).toBe("13\n".repeat(1000));
  });

  test("sees the error of a stream that does not begin", async () => {
    const command = new InvokeEndpointWithResponseStreamCommand({
      EndpointName: "linear",
      ContentType: "image/png",
      Body: "4,0,0,0\n",
    });
    await expect(client.send(command)).rejects.toMatchObject({
      name: "ModelError",
      OriginalStatusCode: 415,
    });
  });
});

describe.skipIf(!has("curl"))("curl", () => {
  const curl = async (...options: readonly string[]): Promise<string> => {
    const wanted = ["--silent", "--show-error", "--max-time", "20", "--write-out", " %{http_code}"];
    const { stdout } = await run("curl", [...wanted, ...options, `${url}/invocations`]);
    return stdout;
  };
  const csv = ["--header", "content-type: text/csv"] as const;
  const file = (name: string, content: string | Buffer): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };

  test("sends a file", async () => {
    const path = file("rows.csv", "4,0,0,0\n".repeat(3));
    expect(await curl(...csv, "--data-binary", `@${path}`)).toBe(`${"13\n".repeat(3)} 200`);
  });

  test("sends a file without a length", async () => {
    const path = file("rows.csv", "4,0,0,0\n".repeat(20_000));
    const chunked = ["--header", "transfer-encoding: chunked"];
    const answer = await curl(...csv, ...chunked, "--data-binary", `@${path}`);
    expect(answer).toBe(`${"13\n".repeat(20_000)} 200`);
  });

  test("sends a compressed file, and takes the answer as it is", async () => {
    const path = file("rows.csv.gz", gzipSync("4,0,0,0\n".repeat(20_000)));
    const gzip = ["--compressed", "--header", "content-encoding: gzip"];
    const answer = await curl(...csv, ...gzip, "--data-binary", `@${path}`);
    expect(answer).toBe(`${"13\n".repeat(20_000)} 200`);
  });

  test.each([
    ["with its length", []],
    ["without a length", ["--header", "transfer-encoding: chunked"]],
    ["and does not wait to be told", ["--header", "expect:"]],
  ])("is refused a file that is too large, %s", async (_how, options) => {
    const path = file("large.csv", "4,0,0,0\n".repeat(500_000));
    const answer = await curl(...csv, ...options, "--data-binary", `@${path}`);
    expect(answer).toMatch(/BODY_TOO_LARGE.* 413$/);
  });

  test("has not sent the file when it is refused, if it waits", async () => {
    const path = file("large.csv", "4,0,0,0\n".repeat(500_000));
    const expectHeader = ["--header", "expect: 100-continue", "--expect100-timeout", "10"];
    const answer = await curl(
      ...csv,
      ...expectHeader,
      "--write-out",
      " %{http_code} %{size_upload}",
      "--data-binary",
      `@${path}`,
    );
    expect(answer).toMatch(/ 413 0$/);
  });

  test("uses its connection again after a refusal", async () => {
    const small = [
      "--next",
      "--silent",
      ...csv,
      "--data",
      "4,0,0,0",
      "--write-out",
      " %{num_connects}",
    ];
    const answer = await curl(...csv, "--data", "x", `${url}/invocations`, ...small);
    expect(answer).toMatch(/CSV_\w+.* 400[^]*13\n 0$/);
  });
});

test.skipIf(!has("python3"))(
  "Python's http.client keeps its connection, also for chunks",
  async () => {
    const script = join(import.meta.dirname, "fixtures", "client.py");
    const { stdout } = await run("python3", [script, new URL(url).port]);
    const answers = JSON.parse(stdout) as [number, string, number][];
    expect(answers.map(([status]) => status)).toEqual([200, 200, 200, 400]);
    expect(answers.map(([, body]) => body).slice(0, 3)).toEqual([
      "13\n",
      '{"predictions":[{"value":13}]}',
      "0\n3.25\n6.5\n",
    ]);
    expect(new Set(answers.map(([, , port]) => port)).size).toBe(1);
  },
);
