import * as fc from "fast-check";
import { expect, test } from "vitest";
import { hasPython, runPython, runScript } from "../test/run-script.ts";
import { defineMetrics } from "./define-metrics.ts";

const lineOf = (values: Record<string, number | undefined>): string => {
  const lines: string[] = [];
  const declared = Object.fromEntries(Object.keys(values).map((name) => [name, "any"]));
  defineMetrics(declared, { write: (line) => lines.push(line) }).log(values);
  return lines.join("");
};

const declare = (names: readonly string[]) => () =>
  defineMetrics(Object.fromEntries(names.map((each) => [each, "any"])));

/** What each regular expression catches in the text, by name. */
const catchAll = (names: readonly string[], text: string): Record<string, string | undefined> => {
  const { definitions } = declare(names)();
  return Object.fromEntries(
    definitions.map(({ Name, Regex }) => [Name, new RegExp(Regex).exec(text)?.[1]]),
  );
};

/** Few characters, so that one name is often the head, the tail or the middle of another. */
const name = fc.string({
  unit: fc.constantFrom(...String.raw`ab:-_./@%+()0`),
  minLength: 1,
  maxLength: 5,
});
const measured = fc.dictionary(name, fc.double({ noNaN: true, noDefaultInfinity: true }), {
  minKeys: 1,
  maxKeys: 20,
});

test("one line says every value, in the order given", () => {
  expect(lineOf({ epoch: 1, loss: 0.42, accuracy: 0.91 })).toBe(
    "epoch=1; loss=0.42; accuracy=0.91;\n",
  );
});

test.each([
  [1e-7, "1e-7"],
  [1e21, "1e+21"],
  [-0.5, "-0.5"],
  [-0, "0"],
  [3, "3"],
  [9_007_199_254_740_991, "9007199254740991"],
  [0.123456789, "0.123457"],
  [0.9999999, "1"],
  [-1.23456789e-300, "-1.23457e-300"],
  [Number.MAX_VALUE, "1.7976931348623157e+308"],
])("%d is written, and caught, as %s", (value, text) => {
  expect(lineOf({ loss: value })).toBe(`loss=${text};\n`);
  expect(catchAll(["loss"], lineOf({ loss: value }))).toEqual({ loss: text });
});

test("NaN and Infinity are said by name, and not caught, since CloudWatch refuses them", () => {
  const line = lineOf({ a: NaN, b: Infinity, c: -Infinity, d: 1 });
  expect(line).toBe("a=NaN; b=Infinity; c=-Infinity; d=1;\n");
  expect(catchAll(["a", "b", "c", "d"], line)).toEqual({ d: "1" });
});

test("undefined values are left out, and an empty line is not written", () => {
  expect(lineOf({ loss: undefined, accuracy: 1 })).toBe("accuracy=1;\n");
  expect(lineOf({ loss: undefined })).toBe("");
  expect(lineOf({})).toBe("");
});

test("a name that is a part of another is not taken for it", () => {
  const names = [
    "loss",
    "validation:loss",
    "val_loss",
    "loss.mean",
    "lossXmean",
    "loss-2",
    "a.loss",
  ];
  const line = lineOf(Object.fromEntries(names.map((each, index) => [each, index])));
  expect(catchAll(names, line)).toEqual(
    Object.fromEntries(names.map((each, index) => [each, `${index}`])),
  );
  for (const [index, each] of names.entries()) {
    expect(catchAll(names, lineOf({ [each]: index }))).toEqual({ [each]: `${index}` });
  }
});

test("any number of any name is caught by its own regular expression, and by no other", () => {
  fc.assert(
    fc.property(measured, name, (values, other) => {
      const names = Object.keys(values);
      const caught = catchAll([...new Set([...names, other])], `before; ${lineOf(values)}after`);
      for (const each of names) {
        const value = values[each] ?? NaN;
        const expected = Number.isInteger(value) ? value : Number(value.toPrecision(6));
        expect(Number(caught[each])).toBe(expected + 0);
      }
      expect(caught[other] === undefined).toBe(!names.includes(other));
    }),
  );
});

test.skipIf(!hasPython)("Python's re catches the same", () => {
  const cases = fc.sample(measured, 100).flatMap((values) => {
    const line = lineOf(values);
    return declare(Object.keys(values))().definitions.map(({ Regex }) => ({
      Regex,
      line,
      caught: new RegExp(Regex).exec(line)?.[1],
    }));
  });
  const program = `import json, re, sys
print(json.dumps([re.search(c["Regex"], c["line"]).group(1) for c in json.load(sys.stdin)]))`;
  const { stdout } = runPython(program, { input: JSON.stringify(cases) });
  expect(JSON.parse(stdout)).toEqual(cases.map(({ caught }) => caught));
});

test("a definition is what the API takes, and uses nothing that RE2 or Java lacks", () => {
  const { definitions } = defineMetrics({ "f1+(macro).mean": { description: "F1", unit: "None" } });
  expect(definitions).toEqual([
    {
      Name: "f1+(macro).mean",
      Regex: String.raw`(?:^|\s)f1\+\(macro\)\.mean=(-?[0-9][0-9.e+-]*);`,
    },
  ]);
});

test("descriptions can be read by name", () => {
  const { descriptions } = defineMetrics({ a: "A", b: { description: "B", unit: "Seconds" } });
  expect(descriptions).toEqual({
    a: { description: "A" },
    b: { description: "B", unit: "Seconds" },
  });
});

test("the limits of SageMaker are checked when metrics are declared", () => {
  const many = Array.from({ length: 41 }, (_, index) => `m${index}`);
  expect(declare(many.slice(1))).not.toThrow();
  expect(declare(many)).toThrow(expect.objectContaining({ code: "METRIC_TOO_MANY" }));
  expect(declare(["a".repeat(255)])).not.toThrow();
  expect(declare([".".repeat(255)])).toThrow(
    expect.objectContaining({ code: "METRIC_REGEX_TOO_LONG" }),
  );
  for (const wrong of ["", "a b", "a=b", "a;", "é", "a\n", "[a]", "a".repeat(256)]) {
    expect(declare([wrong])).toThrow(expect.objectContaining({ code: "METRIC_NAME_INVALID" }));
  }
});

test("an undeclared name is an error of types, and at run time lists the names", () => {
  const lines: string[] = [];
  const metrics = defineMetrics(
    { loss: "L", accuracy: "A" },
    { write: (line) => lines.push(line) },
  );
  // @ts-expect-error: not declared
  expect(() => metrics.log({ loss: 1, acuracy: 1 })).toThrow(
    '"acuracy" is not a declared metric: declare it in defineMetrics, or use one of loss, accuracy',
  );
  // @ts-expect-error: not a number
  expect(() => metrics.log({ loss: "1" })).toThrow('the metric "loss" is a string: give a number');
  expect(lines).toEqual([]);
});

test("lines go to stdout", () => {
  const { stdout, stderr } = runScript(
    `import { defineMetrics } from "./src/define-metrics.ts";
     defineMetrics({ loss: "Mean loss" }).log({ loss: 0.42 });`,
  );
  expect({ stdout, stderr }).toEqual({ stdout: "loss=0.42;\n", stderr: "" });
});
