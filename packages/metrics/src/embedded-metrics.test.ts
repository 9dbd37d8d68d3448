import * as fc from "fast-check";
import { expect, test } from "vitest";
import { runScript } from "../test/run-script.ts";
import { defineMetrics } from "./define-metrics.ts";
import { toEmbeddedMetrics } from "./embedded-metrics.ts";

const timestamp = 1_767_225_600_000;

/** The line of `embedded`, its header apart from the members at its root. */
const parse = (embedded: object) => {
  const line = toEmbeddedMetrics({ namespace: "Iris", metrics: { A: 1 }, timestamp, ...embedded });
  const { _aws: header, ...root } = JSON.parse(line);
  return { header, root };
};

const setsOf = (embedded: object): unknown =>
  parse(embedded).header.CloudWatchMetrics[0].Dimensions;

const codeOf = (embedded: object): unknown => {
  try {
    parse(embedded);
    return undefined;
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
};

test("a line is the format's own example", () => {
  const line = toEmbeddedMetrics({
    namespace: "MyApp",
    dimensions: { Operation: "invoke", ModelName: "iris" },
    metrics: { Latency: { value: 12.5, unit: "Milliseconds", storageResolution: 60 } },
    properties: { requestId: "abc" },
    timestamp: new Date(timestamp),
  });
  expect(line).toBe(
    '{"_aws":{"Timestamp":1767225600000,"CloudWatchMetrics":[{"Namespace":"MyApp","Dimensions":[["Operation","ModelName"]],"Metrics":[{"Name":"Latency","Unit":"Milliseconds","StorageResolution":60}]}]},"Operation":"invoke","ModelName":"iris","Latency":12.5,"requestId":"abc"}',
  );
});

test("without dimensions there is one empty set; other sets can be named", () => {
  expect(setsOf({})).toEqual([[]]);
  expect(
    setsOf({ dimensions: { X: "1", Y: "2" }, dimensionSets: [["X", "Y"], ["X"], []] }),
  ).toEqual([["X", "Y"], ["X"], []]);
});

test("the timestamp is now by default, and always a whole number", () => {
  const before = Date.now();
  const now = parse({ timestamp: undefined }).header.Timestamp;
  expect(now).toBeGreaterThanOrEqual(before);
  expect(now).toBeLessThanOrEqual(Date.now());
  expect(parse({ timestamp: timestamp + 0.7 }).header.Timestamp).toBe(timestamp);
});

test("more than 100 metrics go into several directives of one line", () => {
  const metrics = Object.fromEntries(
    Array.from({ length: 201 }, (_, index) => [`m${index}`, index]),
  );
  const { header, root } = parse({ metrics });
  const directives: { Metrics: { Name: string }[] }[] = header.CloudWatchMetrics;
  expect(directives.map((directive) => directive.Metrics.length)).toEqual([100, 100, 1]);
  expect(directives.flatMap((directive) => directive.Metrics.map(({ Name }) => Name))).toEqual(
    Object.keys(root),
  );
});

test("what is not finite, or too large for CloudWatch, is left out", () => {
  const { header, root } = parse({
    metrics: { a: NaN, b: [1, Infinity, 2], c: [NaN], d: 1e200, e: 3, f: [] },
  });
  expect(root).toEqual({ b: [1, 2], e: 3 });
  expect(header.CloudWatchMetrics[0].Metrics).toEqual([{ Name: "b" }, { Name: "e" }]);
});

test("a line without a measurement is a mere log event", () => {
  expect(parse({ metrics: { a: NaN }, properties: { text: "x" } })).toEqual({
    header: undefined,
    root: { text: "x" },
  });
});

test("whatever it says, a line is one line, reads back, and is not caught as a training metric", () => {
  const { definitions } = defineMetrics({ loss: "L", accuracy: "A" });
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constant("epoch=1; loss=0.42;\n accuracy=0.91;"),
  );
  fc.assert(
    fc.property(
      fc.dictionary(fc.oneof(fc.string(), fc.constant(" loss=1;")), text),
      (properties) => {
        fc.pre(!Object.hasOwn(properties, "loss") && !Object.hasOwn(properties, "_aws"));
        const line = toEmbeddedMetrics({
          namespace: "N",
          dimensions: { " loss=1; ": "accuracy=0.5;" },
          metrics: { loss: 0.42 },
          properties,
        });
        expect(line).not.toContain("\n");
        expect(JSON.parse(line)).toMatchObject(properties);
        for (const { Regex } of definitions) expect(line).not.toMatch(new RegExp(Regex));
      },
    ),
  );
});

const names = (length: number): string[] => Array.from({ length }, (_, index) => `d${index}`);
const dimensionsOf = (length: number) =>
  Object.fromEntries(names(length).map((each) => [each, "x"]));

test.each([
  [
    "EMF_NAMESPACE_INVALID",
    ["", " ", "AWS/Own", ":own", "a".repeat(256), "é"].map((namespace) => ({ namespace })),
  ],
  [
    "EMF_NAME_INVALID",
    [
      { metrics: { _aws: 1 } },
      { metrics: { "": 1 } },
      { metrics: { ":a": 1 } },
      { metrics: { ["a".repeat(256)]: 1 } },
      { metrics: { A: 1 }, properties: { A: 1 } },
      { metrics: { A: 1 }, dimensions: { A: "1" } },
    ],
  ],
  [
    "EMF_DIMENSION_INVALID",
    [
      { dimensions: { X: "" } },
      { dimensions: { X: "  " } },
      { dimensions: { X: "é" } },
      { dimensions: { X: 1 } },
      { dimensions: { X: "x".repeat(1025) } },
      { dimensions: dimensionsOf(31) },
      { dimensionSets: [] },
      { dimensionSets: [["X"]] },
      { dimensions: { X: "1" }, dimensionSets: [["X", "X"]] },
    ],
  ],
  [
    "EMF_METRIC_INVALID",
    [
      { metrics: { A: "1" } },
      { metrics: { A: null } },
      { metrics: { A: { value: [1, "2"] } } },
      { metrics: { A: { value: 1, unit: "seconds" } } },
      { metrics: { A: { value: 1, storageResolution: 30 } } },
      { metrics: { A: Array.from({ length: 101 }, () => 1) } },
    ],
  ],
  [
    "EMF_TIMESTAMP_INVALID",
    [1_767_225_600, NaN, -1, Infinity, new Date("x")].map((wrong) => ({ timestamp: wrong })),
  ],
  ["EMF_TOO_LARGE", [{ properties: { text: "=".repeat(170_000) } }]],
])("%s is thrown for what CloudWatch would drop", (code, wrongs) => {
  for (const wrong of wrongs) expect([wrong, codeOf(wrong)]).toEqual([wrong, code]);
});

test("the largest of everything is taken", () => {
  expect(codeOf({ namespace: "a".repeat(255) })).toBeUndefined();
  expect(codeOf({ dimensions: dimensionsOf(30) })).toBeUndefined();
  expect(codeOf({ dimensions: dimensionsOf(31), dimensionSets: [names(30)] })).toBeUndefined();
  expect(codeOf({ dimensions: { X: "x".repeat(1024) } })).toBeUndefined();
  expect(codeOf({ metrics: { A: Array.from({ length: 100 }, () => 1) } })).toBeUndefined();
  expect(codeOf({ properties: { text: "x".repeat(999_000) } })).toBeUndefined();
});

test("the line goes to stdout, with nothing before or after it", () => {
  const { stdout } = runScript(
    `import { logEmbeddedMetrics } from "./src/embedded-metrics.ts";
     logEmbeddedMetrics({ namespace: "N", metrics: { A: 1 }, timestamp: ${timestamp} });`,
  );
  expect(stdout).toBe(`${toEmbeddedMetrics({ namespace: "N", metrics: { A: 1 }, timestamp })}\n`);
});
