import { InputError } from "@byoc/errors";
import fc from "fast-check";
import { expect, test } from "vitest";
import { cutFailure, describeFailure, MAX_FAILURE_CHARACTERS } from "./failure-text.ts";

const show = (error: unknown): string => cutFailure(describeFailure(error));

const chain = (depth: number, length: number): Error => {
  let error = new Error(`root ${"r".repeat(length)}`);
  for (let level = 1; level <= depth; level++) {
    error = new Error(`level ${level} ${"x".repeat(length)}`, { cause: error });
  }
  return error;
};

test("the user's error is its message alone", () => {
  const error = new InputError("X", "wrong", { file: "a.csv", row: 3, cause: new Error("below") });
  expect(show(error)).toBe("a.csv, row 3: wrong");
});

test("a bug is its name, its message, its causes and its stack", () => {
  expect(show(new TypeError("x", { cause: new RangeError("y", { cause: "z" }) }))).toMatch(
    /^TypeError: x\ncaused by: RangeError: y\ncaused by: the algorithm threw z\n\s+at .*failure-text\.test\.ts/u,
  );
});

test("an error without a stack, or with a strange one, is told all the same", () => {
  const bare = new Error("bare");
  delete bare.stack;
  expect(show(bare)).toBe("Error: bare");
  expect(show(Object.assign(new Error("strange"), { stack: 7 }))).toBe("Error: strange");
});

test.each([
  ["a text", "the algorithm threw a text"],
  [undefined, "the algorithm threw undefined"],
  [null, "the algorithm threw null"],
  [7n, "the algorithm threw 7n"],
  [Symbol("s"), "the algorithm threw Symbol(s)"],
  [{ status: 500 }, "the algorithm threw { status: 500 }"],
  [Object.create(null), "the algorithm threw [Object: null prototype] {}"],
])("what is thrown need not be an error: %o", (thrown, text) => {
  expect(show(thrown)).toBe(text);
});

test("a text is cut at 1,024 characters and says so", () => {
  expect(cutFailure("x".repeat(1024))).toBe("x".repeat(1024));
  expect(cutFailure("x".repeat(1025))).toBe(`${"x".repeat(1023)}…`);
  expect(cutFailure("  \n x \n")).toBe("x");
});

test("a cut never splits a character", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 400, maxLength: 1200 }), (text) => {
      const cut = cutFailure(text);
      expect(cut.length).toBeLessThanOrEqual(MAX_FAILURE_CHARACTERS);
      expect(cut.isWellFormed()).toBe(true);
    }),
  );
  for (const length of [1021, 1022, 1023, 1024]) {
    expect(cutFailure(`${"x".repeat(length)}😀😀`).isWellFormed()).toBe(true);
  }
});

test("the root of a long chain of long messages is among the characters that are shown", () => {
  for (const depth of [1, 2, 5, 7, 8, 30]) {
    for (const length of [10, 1000, 5000]) {
      const text = show(chain(depth, length));
      expect(text.length).toBeLessThanOrEqual(MAX_FAILURE_CHARACTERS);
      expect(text).toMatch(new RegExp(`^Error: level ${depth} x`, "u"));
      expect(text, `${depth} causes of ${length} characters`).toContain("caused by: Error: root r");
    }
  }
});

test("a chain that bites its own tail ends", () => {
  const error = new Error("tail");
  error.cause = new Error("head", { cause: error });
  expect(show(error)).toMatch(/^Error: tail\ncaused by: Error: head\n/u);
});

test("an error of many has its first as cause", () => {
  const error = new AggregateError([new Error("connect ECONNREFUSED ::1"), new Error("second")]);
  expect(show(error)).toMatch(/^AggregateError: \ncaused by: Error: connect ECONNREFUSED ::1\n/u);
});

test.each([
  ["ENOSPC", "the disk is full: give the job a larger VolumeSizeInGB"],
  ["EROFS", "read-only"],
  ["EACCES", "remove USER from the Dockerfile"],
  ["EMFILE", "too many open files"],
])("an error of the machine is told with what to do: %s", (code, advice) => {
  expect(show(Object.assign(new Error(`${code}: write`), { code }))).toContain(
    `(${advice}`.slice(1),
  );
});

test("an array that is too large is a want of memory", () => {
  const allocate = (): unknown => new ArrayBuffer(2 ** 52);
  let error: unknown;
  try {
    allocate();
  } catch (reason) {
    error = reason;
  }
  expect(show(error)).toMatch(/^RangeError: .*\(out of memory: use an instance with more/u);
});
