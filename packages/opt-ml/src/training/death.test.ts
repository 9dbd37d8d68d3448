import { describe, expect, test } from "vitest";
import { type Death, explainDeath } from "./death.ts";
import { MAX_FAILURE_CHARACTERS } from "./failure-text.ts";

const explain = (death: Partial<Death>): string =>
  explainDeath({
    exitCode: null,
    signal: null,
    lastWords: "",
    isOomKilled: undefined,
    memoryBytes: 4 * 1024 ** 3,
    ...death,
  });

const V8 = [
  "<--- Last few GCs --->",
  "[1:0x1] 900 ms: Mark-Compact 3900.0 (4000.0) -> 3899.0 (4000.0) MB",
  "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory",
  "----- Native stack trace -----",
  " 1: 0xe13fdc node::OOMErrorHandler",
].join("\n");

test("a full heap is told in V8's words, whatever the signal", () => {
  for (const death of [{ signal: "SIGABRT" }, { signal: "SIGTRAP" }, { exitCode: 134 }] as const) {
    expect(explain({ ...death, lastWords: V8 })).toMatch(
      /^out of memory: the heap .*V8 said: FATAL ERROR: Reached heap limit .*out of memory$/u,
    );
  }
});

describe("SIGKILL", () => {
  test("is a want of memory where the kernel says so", () => {
    expect(explain({ signal: "SIGKILL", isOomKilled: true })).toBe(
      "out of memory: the kernel killed the training process (SIGKILL); use an instance with more memory, or less data (the container has 4.0 GiB)",
    );
  });

  test.each([undefined, false])("is probably one where it does not (%s)", (isOomKilled) => {
    expect(explain({ signal: "SIGKILL", isOomKilled })).toMatch(
      /most often because memory ran out/u,
    );
  });
});

test.each([
  ["SIGABRT", "native code gave up"],
  ["SIGSEGV", "native code touched memory"],
  ["SIGILL", "is the image built for it?"],
  ["SIGBUS", "/dev/shm"],
  ["SIGUSR2", "something ended it from outside"],
] as const)("%s is explained", (signal, words) => {
  expect(explain({ signal })).toContain(`the training process died of ${signal}: `);
  expect(explain({ signal })).toContain(words);
});

test("an exit is told with its code and the last lines of stderr", () => {
  const lastWords = Array.from({ length: 50 }, (_, index) => `line ${index}`).join("\n");
  const text = explain({ exitCode: 5, lastWords: `${lastWords}\n` });
  expect(text).toMatch(
    /^the training process exited with code 5 before .*its last words:\nline 42\n/u,
  );
  expect(text.endsWith("line 49")).toBe(true);
  expect(text.length).toBeLessThan(MAX_FAILURE_CHARACTERS);
});

test("an exit without a word, and an await that never ends, are told apart", () => {
  expect(explain({ exitCode: 0 })).toBe(
    "the training process exited with code 0 before the training function had returned",
  );
  expect(explain({ exitCode: 13 })).toMatch(/^the training function never finished/u);
});
