import { expect, test } from "vitest";
import { chooseCores, parseCoreList, pin } from "./cores.ts";

test("the kernel's lists of cores are read", () => {
  expect(parseCoreList("0-3")).toEqual([0, 1, 2, 3]);
  expect(parseCoreList("0,4-5,9")).toEqual([0, 4, 5, 9]);
  expect(parseCoreList("7")).toEqual([7]);
});

test("servers and load get two cores each, of those that are allowed, where there are four", () => {
  expect(chooseCores([2, 3, 6, 7, 8])).toEqual({ servers: "2,3", load: "6,7" });
  expect(chooseCores([0, 1, 2])).toBeUndefined();
});

test("a command is pinned only where cores were chosen", () => {
  expect(pin("0,1", ["wrk", "-v"])).toEqual(["taskset", "--cpu-list", "0,1", "wrk", "-v"]);
  expect(pin(undefined, ["wrk", "-v"])).toEqual(["wrk", "-v"]);
});
