import { spawnSync } from "node:child_process";
import { readMemoryLimitBytes } from "@byoc/limits";
import { expect, test } from "vitest";
import { heapFlags } from "./heap-flags.ts";

test("the heap may fill three quarters of the memory, and the flag is one that Node knows", () => {
  const [flag = ""] = heapFlags([]);
  const mebibytes = Number(/^--max-old-space-size=(?<size>\d+)$/u.exec(flag)?.groups?.["size"]);
  expect(mebibytes / (readMemoryLimitBytes() / 1024 ** 2)).toBeCloseTo(0.75, 2);
  const program = "process.stdout.write(`${v8.getHeapStatistics().heap_size_limit}`)";
  const { stdout } = spawnSync(process.execPath, [flag, "--eval", program], { encoding: "utf8" });
  expect(Number(stdout) / 1024 ** 2).toBeGreaterThanOrEqual(mebibytes);
});

test.each([
  [["--max-old-space-size=100"]],
  [["--max_old_space_size=100"]],
  [["--inspect", "--no-warnings --max-old-space-size=100"]],
  [["--max-old-space-size-percentage=50"]],
  [["--max-heap-size=100"]],
])("what the user says about the heap is left alone: %j", (given) => {
  expect(heapFlags(given)).toEqual([]);
});

test("other flags are not taken for one", () => {
  expect(heapFlags(["--stack-size=100", "--max-semi-space-size=64"])).toHaveLength(1);
});
