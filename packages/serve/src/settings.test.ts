import { expect, test } from "vitest";
import { readSettings } from "./settings.ts";

test("without variables the contract's own values hold", () => {
  expect(readSettings({})).toEqual({
    host: "0.0.0.0",
    port: 8080,
    maxBodyBytes: 26_214_400,
    maxRows: 10_000_000,
    maxWaiting: 1024,
    defaultAccept: undefined,
    workers: undefined,
    predictTimeoutMs: 60_000,
    streamTimeoutMs: 480_000,
    isBatch: false,
    isMultiModel: false,
  });
});

test("a batch transform job has larger bodies and more time, however its flag is written", () => {
  for (const flag of ["true", "True", "1"]) {
    expect(readSettings({ SAGEMAKER_BATCH: flag })).toMatchObject({
      isBatch: true,
      maxBodyBytes: 104_857_600,
      predictTimeoutMs: 600_000,
    });
  }
  expect(readSettings({ SAGEMAKER_BATCH: "true", SAGEMAKER_MAX_PAYLOAD_IN_MB: "6" })).toMatchObject(
    {
      maxBodyBytes: 6_291_456,
    },
  );
});

test("the time-out of the environment holds for predictions, and raises that of streams", () => {
  expect(readSettings({ SAGEMAKER_MODEL_SERVER_TIMEOUT: "3600" })).toMatchObject({
    predictTimeoutMs: 3_600_000,
    streamTimeoutMs: 3_600_000,
  });
  expect(readSettings({ MODEL_SERVER_TIMEOUT: "5" })).toMatchObject({
    predictTimeoutMs: 5000,
    streamTimeoutMs: 480_000,
  });
});

test("the workers are read under SageMaker's name before the sample's", () => {
  expect(readSettings({ MODEL_SERVER_WORKERS: "3" }).workers).toBe(3);
  const both = { MODEL_SERVER_WORKERS: "3", SAGEMAKER_MODEL_SERVER_WORKERS: "4" };
  expect(readSettings(both).workers).toBe(4);
});

test.each([
  ["SAGEMAKER_MODEL_SERVER_WORKERS", "0"],
  ["SAGEMAKER_MODEL_SERVER_WORKERS", "two"],
  ["SAGEMAKER_MODEL_SERVER_TIMEOUT", "0"],
  ["SAGEMAKER_MODEL_SERVER_TIMEOUT", "1m"],
  ["BYOC_MAX_ROWS", "-1"],
])("%s=%s stops the start", (name, value) => {
  expect(() => readSettings({ [name]: value })).toThrow(`${name} is "${value}"; expected`);
});

test("an empty variable counts as not set", () => {
  const empty = { SAGEMAKER_BIND_TO_PORT: "", SAGEMAKER_MAX_PAYLOAD_IN_MB: " ", BYOC_HOST: "" };
  expect(readSettings(empty)).toEqual(readSettings({}));
});

test("each variable moves its setting", () => {
  expect(
    readSettings({
      SAGEMAKER_BIND_TO_PORT: "0",
      BYOC_HOST: "127.0.0.1",
      SAGEMAKER_MAX_PAYLOAD_IN_MB: "0.5",
      SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT: " Text/CSV ",
    }),
  ).toEqual({
    ...readSettings({}),
    host: "127.0.0.1",
    port: 0,
    maxBodyBytes: 524_288,
    defaultAccept: "text/csv",
  });
});

test("0 MB is no limit", () => {
  expect(readSettings({ SAGEMAKER_MAX_PAYLOAD_IN_MB: "0" }).maxBodyBytes).toBe(Infinity);
});

test.each(["http", "-1", "65536", "80.5", "0x50", "1e3"])("the port %s stops the start", (port) => {
  expect(() => readSettings({ SAGEMAKER_BIND_TO_PORT: port })).toThrow(
    `SAGEMAKER_BIND_TO_PORT is "${port}"; expected a port from 0 to 65535`,
  );
});

test.each(["6MB", "-1", "NaN", "Infinity"])("the payload limit %s stops the start", (limit) => {
  expect(() => readSettings({ SAGEMAKER_MAX_PAYLOAD_IN_MB: limit })).toThrow(
    `SAGEMAKER_MAX_PAYLOAD_IN_MB is "${limit}"; expected a number of megabytes`,
  );
});
