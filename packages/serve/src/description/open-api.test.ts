import { expect, test } from "vitest";
import type { DescribedService } from "./described-service.ts";
import { toExecutionParameters } from "./execution-parameters.ts";
import { toOpenApi } from "./open-api.ts";
import { requirePython, runPython } from "./testing/python.ts";

const COMMON = {
  contentTypes: ["text/csv", "application/json", "application/jsonlines", "application/x-npy"],
  accepts: ["application/json", "text/csv", "application/jsonlines", "application/x-npy"],
  maxBodyBytes: 25 * 1024 ** 2,
};

const SERVICES: Readonly<Record<string, DescribedService>> = {
  "a classifier of named columns": {
    ...COMMON,
    input: { columns: 2, names: ["a", 'b "wide"'] },
    output: { kind: "classes", classes: ["x", "__proto__"], hasProbabilities: true },
  },
  "a classifier without probabilities": {
    ...COMMON,
    input: { columns: 3 },
    output: { kind: "classes", classes: ["x", "y"], hasProbabilities: false },
  },
  "a regressor that takes missing values": {
    ...COMMON,
    input: { columns: 784, acceptsMissing: true },
    output: { kind: "values" },
  },
  "a model that has not predicted yet": { ...COMMON, input: { kind: "features", columns: 1 } },
  "a model of images": {
    ...COMMON,
    contentTypes: ["image/png", "image/jpeg"],
    input: { kind: "images", width: 32, height: 32, channels: 3 },
  },
  "a model of bytes": { ...COMMON, contentTypes: ["text/plain"], input: { kind: "bytes" } },
};

const describe = (service: DescribedService): object =>
  toOpenApi(service, {
    baseUrl: "http://localhost:8080",
    executionParameters: toExecutionParameters({
      cpus: 4,
      memoryBytes: 2 ** 33,
      maxBodyBytes: service.maxBodyBytes,
    }),
  });

test.each(Object.entries(SERVICES))(
  "the document of %s names every route and type",
  (_, service) => {
    const document = describe(service);
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
    expect(document).toMatchObject({
      openapi: "3.1.1",
      paths: {
        "/ping": { get: { responses: { "200": {}, "503": {} } } },
        "/execution-parameters": { get: { responses: { "200": {} } } },
        "/invocations": {
          post: {
            requestBody: {
              content: Object.fromEntries(service.contentTypes.map((type) => [type, {}])),
            },
            responses: {
              "200": { content: Object.fromEntries(service.accepts.map((type) => [type, {}])) },
              "400": {},
              "413": {},
              "415": {},
              "503": {},
            },
          },
        },
      },
    });
  },
);

test("every reference leads somewhere", () => {
  for (const service of Object.values(SERVICES)) {
    const document = describe(service);
    const references = JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g);
    for (const [, path = ""] of references) {
      const target = path
        .split("/")
        .reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], document);
      expect(target, path).toBeTypeOf("object");
    }
  }
});

const SCRIPT = `
import json, sys
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

def checked(document):
    OpenAPIV31SpecValidator(document).validate()
    count = 0
    def walk(node):
        nonlocal count
        if isinstance(node, dict):
            if "example" in node and "schema" in node:
                Draft202012Validator({**node["schema"], "components": document["components"]}).validate(node["example"])
                count += 1
            for value in node.values(): walk(value)
        elif isinstance(node, list):
            for value in node: walk(value)
    walk(document["paths"])
    return count

def accepts(document, body):
    schema = {"$ref": "#/components/schemas/Rows", "components": document["components"]}
    return Draft202012Validator(schema).is_valid(body)

given = json.load(sys.stdin)
print(json.dumps({
    "examples": [checked(document) for document in given["documents"]],
    "accepted": [accepts(given["documents"][0], body) for body in given["bodies"]],
}))`;

test(
  "a validator takes every document, and every example is what its schema says",
  {
    timeout: 120_000,
  },
  async (context) => {
    const python = await requirePython(context, "openapi-spec-validator==0.9.0");
    const right = [
      [1, 2],
      [[1, 2]],
      { instances: [[1, 2], { features: [1, 2] }] },
      { instances: [1, 2] },
      { inputs: [[1, 2]] },
      { features: [1, 2] },
      { dataframe_split: { columns: ["a", "b"], data: [[1, 2]] } },
    ];
    const wrong = [[], [1], [1, 2, 3], [["1", 2]], [[1, null]], {}, { instances: [] }, "text"];
    const documents = Object.values(SERVICES).map(describe);
    const input = JSON.stringify({ documents, bodies: [...right, ...wrong] });
    const output: unknown = JSON.parse(await runPython(python, SCRIPT, input));
    expect(output).toEqual({
      examples: [13, 13, 13, 13, 10, 10],
      accepted: [...right.map(() => true), ...wrong.map(() => false)],
    });
  },
);
