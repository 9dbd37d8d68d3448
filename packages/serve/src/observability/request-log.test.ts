import { expect, test } from "vitest";
import { readLogLevel } from "./log-level.ts";
import { createRequestLog } from "./request-log.ts";

const ENTRY = {
  method: "POST",
  path: "/invocations",
  status: 200,
  durationMs: 1.234567,
  rows: 29,
  bytes: 812,
};

test.each([
  [{}, "info"],
  [{ BYOC_LOG_LEVEL: "debug" }, "debug"],
  [{ BYOC_LOG_LEVEL: " Warn " }, "warn"],
  [{ BYOC_LOG_LEVEL: "" }, "info"],
  [{ SAGEMAKER_CONTAINER_LOG_LEVEL: "10" }, "debug"],
  [{ SAGEMAKER_CONTAINER_LOG_LEVEL: "20" }, "info"],
  [{ SAGEMAKER_CONTAINER_LOG_LEVEL: "30" }, "warn"],
  [{ SAGEMAKER_CONTAINER_LOG_LEVEL: "50" }, "error"],
  [{ SAGEMAKER_CONTAINER_LOG_LEVEL: "WARNING" }, "warn"],
  [{ BYOC_LOG_LEVEL: "error", SAGEMAKER_CONTAINER_LOG_LEVEL: "10" }, "error"],
])("the environment %j asks for the level %s", (environment, level) => {
  expect(readLogLevel(environment)).toBe(level);
});

test("a level that does not exist says what is allowed", () => {
  expect(() => readLogLevel({ BYOC_LOG_LEVEL: "loud" })).toThrow(
    'BYOC_LOG_LEVEL is "loud"; expected debug, info, warn or error',
  );
});

test("there is no log of requests above debug", () => {
  expect(createRequestLog({})).toBeUndefined();
  expect(createRequestLog({ BYOC_LOG_LEVEL: "info" })).toBeUndefined();
});

test("at debug each request is one line of JSON, whatever its inference id holds", () => {
  const lines: string[] = [];
  const logRequest = createRequestLog(
    { SAGEMAKER_CONTAINER_LOG_LEVEL: "10" },
    { write: (line) => lines.push(line) },
  );
  logRequest?.(ENTRY);
  logRequest?.({ ...ENTRY, inferenceId: 'a"b\nc' });
  expect(lines.map((line) => line.includes("\n"))).toEqual([false, false]);
  const [first, second] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(first).toEqual({
    level: "debug",
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    message: "request",
    method: "POST",
    path: "/invocations",
    status: 200,
    durationMs: 1.235,
    rows: 29,
    bytes: 812,
  });
  expect(second).toMatchObject({ inferenceId: 'a"b\nc' });
});

test("/ping is never logged", () => {
  const lines: string[] = [];
  const logRequest = createRequestLog(
    { BYOC_LOG_LEVEL: "debug" },
    { write: (line) => lines.push(line) },
  );
  logRequest?.({ ...ENTRY, method: "GET", path: "/ping" });
  expect(lines).toEqual([]);
});
