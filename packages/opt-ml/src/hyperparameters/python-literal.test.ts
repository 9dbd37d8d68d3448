import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parsePythonLiteral } from "./python-literal.ts";

const hasPython = spawnSync("python3", ["--version"]).status === 0;
if (!hasPython) {
  process.stderr.write("skipped: python3 is missing, so literals are not compared with Python's\n");
}

/** Runs a Python program that reads JSON from stdin and prints JSON. */
const runPython = (program: string, input: unknown): unknown => {
  const { status, stdout, stderr } = spawnSync("python3", ["-c", program], {
    input: JSON.stringify(input),
    encoding: "utf8",
    maxBuffer: 64 * 1024 ** 2,
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
};

test.each([
  ["['a', \"it's\"]", ["a", "it's"]],
  [`['say "hi"', 'both \\' and "']`, ['say "hi"', "both ' and \""]],
  ["(1, 2)", [1, 2]],
  ["(1,)", [1]],
  ["()", []],
  ["(1)", 1],
  ["((1))", 1],
  ["[]", []],
  ["{}", {}],
  ["{'a': 1, 'b': [True, False, None]}", { a: 1, b: [true, false, null] }],
  ["{1: 'x', True: 'y'}", { "1": "x", true: "y" }],
  ["[1, 2,]", [1, 2]],
  ["[-1.5, +2, .5, 1e-05, 1E+16]", [-1.5, 2, 0.5, 1e-5, 1e16]],
  ["[\n  1,\n  2\n]", [1, 2]],
  [String.raw`'\x41\u00e9\U0001f600\n\\\''`, "Aé😀\n\\'"],
  [String.raw`'\d\w'`, String.raw`\d\w`],
  [String.raw`'\101\0'`, "A\0"],
  ["'😀'", "😀"],
  ["''", ""],
])("%s is read", (text, value) => {
  expect(parsePythonLiteral(text)).toEqual(value);
});

test.each([
  "",
  " ",
  "[",
  "[1",
  "[1 2]",
  "[1,,2]",
  "[,]",
  "[1]]",
  "{'a'}",
  "{'a': }",
  "{1, 2}",
  "{[1]: 2}",
  "adam",
  "nan",
  "[nan]",
  "[inf]",
  "0x10",
  "1_000",
  "١٢",
  "1 + 2",
  "b'a'",
  "'a' 'b'",
  "'a",
  "'a\nb'",
  "__import__('os')",
  String.raw`'\UFFFFFFFF'`,
  String.raw`'\x4'`,
  String.raw`'\N{BULLET}'`,
])("%j is no literal", (text) => {
  expect(parsePythonLiteral(text)).toBeUndefined();
});

test("a key that JavaScript reserves is a key like any other", () => {
  const value = parsePythonLiteral("{'__proto__': {'a': 1}}") as object;
  expect(Object.keys(value)).toEqual(["__proto__"]);
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
});

test("no text makes the parser throw", () => {
  const characters = fc.constantFrom(..."[](){}'\",:\\xuU09aAe+-. \nTrueNone😀");
  fc.assert(
    fc.property(fc.string({ unit: characters, maxLength: 60 }), (text) => {
      expect(() => parsePythonLiteral(text)).not.toThrow();
    }),
    { numRuns: 2000 },
  );
});

// Keys that look like integers change their place in a JavaScript object; NaN and the infinities are no JSON.
const values = fc.jsonValue({ stringUnit: "binary", maxDepth: 4 });

test.runIf(hasPython)("what Python's str() writes is read back", () => {
  const samples = fc.sample(fc.oneof(fc.array(values), fc.dictionary(fc.string(), values)), 500);
  const program =
    "import json,sys; print(json.dumps([str(value) for value in json.load(sys.stdin)]))";
  const texts = runPython(program, samples) as string[];
  expect(texts).toHaveLength(samples.length);
  for (const [index, text] of texts.entries()) {
    expect(parsePythonLiteral(text), text).toEqual(JSON.parse(JSON.stringify(samples[index])));
  }
});

test.runIf(hasPython)("whatever is read has the value that ast.literal_eval gives it", () => {
  const symbols = String.raw`[ ] ( ) { } , , : ' " \ \x41 \n \q \07 \u00e9 \U0001F600`.split(" ");
  const words = ["1", "-2", "3.5", "1e5", "True", "None", "'a'", '"b"', " "];
  const pieces = fc.constantFrom(...symbols, ...words);
  const samples = fc
    .sample(fc.array(pieces, { maxLength: 12 }), 20_000)
    .map((parts) => parts.join(""))
    // Infinity and large integers cannot be compared through JSON.
    .filter((text) => parsePythonLiteral(text) !== undefined && !/e\d{3}|\d{15}/u.test(text));
  const program = `
import ast, json, sys, warnings
warnings.simplefilter("ignore")
print(json.dumps([ast.literal_eval(text.strip()) for text in json.load(sys.stdin)]))`;
  const expected = runPython(program, samples) as unknown[];
  expect(samples.length).toBeGreaterThan(100);
  for (const [index, text] of samples.entries()) {
    expect(parsePythonLiteral(text), text).toEqual(expected[index]);
  }
});
