import { expect, test } from "vitest";
import { measureMegabytes, measureMs, median } from "./measure.ts";

test("the median is the middle, or the mean of the two in the middle", () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([])).toBeNaN();
});

test("a process's time and peak of memory are those of the whole process", async () => {
  const program = "Buffer.alloc(200e6, 1); setTimeout(() => {}, 300);";
  const measured = { name: "program", args: ["--eval", program], env: {} };
  expect(await measureMs(measured)).toBeGreaterThan(300);
  expect(await measureMegabytes(measured)).toBeGreaterThan(200);
});

test("a program that fails is not measured", async () => {
  const measured = { name: "program", args: ["--eval", "process.exit(3)"], env: {} };
  await expect(measureMs(measured)).rejects.toThrow("program ended with exit code 3");
});
