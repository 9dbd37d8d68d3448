import { expect, test } from "vitest";
import { parseLoadRequest } from "./load-request.ts";
import { parseModelRoute } from "./model-route.ts";

test("a path is split before its id is decoded, and the id is decoded once", () => {
  expect(parseModelRoute("/models")).toEqual({ kind: "collection" });
  expect(parseModelRoute("/models/0a1b")).toEqual({ kind: "model", id: "0a1b" });
  expect(parseModelRoute("/models/a%2Fb.tar.gz/invoke")).toEqual({
    kind: "invoke",
    id: "a/b.tar.gz",
  });
  expect(parseModelRoute("/models/a%252Fb")).toEqual({ kind: "model", id: "a%2Fb" });
  expect(parseModelRoute("/models/%F0%9F%8C%B3")).toEqual({ kind: "model", id: "🌳" });
  for (const path of ["/", "/model", "/modelsx", "/models/", "/models//invoke", "/models/a/b"]) {
    expect(parseModelRoute(path), path).toBeUndefined();
  }
  for (const path of ["/models/a/", "/models/a/invoke/", "/models/a/invoke/b"]) {
    expect(parseModelRoute(path), path).toBeUndefined();
  }
  expect(() => parseModelRoute("/models/%E0%A4")).toThrow("expected percent-encoded UTF-8");
});

test("a body is read in snake_case, other members are passed over", () => {
  const body = '{"model_name": "0a1b", "url": "/opt/ml/models/0a1b/model", "gpu_id": 1}';
  expect(parseLoadRequest(Buffer.from(body))).toEqual({
    name: "0a1b",
    url: "/opt/ml/models/0a1b/model",
  });
});

test("a body that names no model is refused, and the message says why", () => {
  for (const [body, problem] of [
    ["", "the body is not JSON in UTF-8"],
    ["{", "the body is not JSON in UTF-8"],
    ["null", 'the body is "null", not an object'],
    ["[1]", "not an object"],
    ['{"modelName": "a", "url": "/m"}', '"model_name" is missing'],
    ['{"model_name": "", "url": "/m"}', '"model_name" is'],
    ['{"model_name": 1, "url": "/m"}', '"model_name" is "1"'],
    ['{"model_name": "a"}', '"url" is missing'],
    ['{"model_name": "a", "url": null}', '"url" is "null"'],
    ['{"model_name": "\\ud800", "url": "/m"}', "half of a character"],
    [`{"model_name": "${"a".repeat(1025)}", "url": "/m"}`, "1025 characters"],
    ['{"__proto__": {"model_name": "a", "url": "/m"}}', '"model_name" is missing'],
  ] as const) {
    expect(() => parseLoadRequest(Buffer.from(body)), body).toThrow(problem);
  }
  expect(() => parseLoadRequest(Uint8Array.of(0x22, 0xff, 0x22))).toThrow("not JSON in UTF-8");
});
