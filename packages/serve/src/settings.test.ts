import { expect, test } from "vitest";
import { readSettings } from "./settings.ts";

test("without variables the contract's own values hold", () => {
  expect(readSettings({})).toEqual({
    host: "0.0.0.0",
    port: 8080,
    maxBodyBytes: 26_214_400,
    defaultAccept: undefined,
  });
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
  ).toEqual({ host: "127.0.0.1", port: 0, maxBodyBytes: 524_288, defaultAccept: "text/csv" });
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
