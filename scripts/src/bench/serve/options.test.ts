import { join } from "node:path";
import { expect, test } from "vitest";
import { run } from "../../testing/run.ts";
import { CONTENDERS } from "./contenders.ts";
import { readOptions } from "./options.ts";

test("without options everything is compared at length, and --quick is short", () => {
  expect(readOptions([])).toMatchObject({
    contenders: CONTENDERS,
    payloads: [1, 29, 1000, 30_000],
    seconds: 8,
    rounds: 3,
    visits: 3,
    profileRows: undefined,
  });
  expect(readOptions(["--quick", "--seconds", "1"])).toMatchObject({
    seconds: 1,
    rounds: 1,
    visits: 1,
  });
});

test("contenders and payloads are chosen by name and by rows", () => {
  const { contenders, payloads } = readOptions([
    "--contenders",
    "sample,ours",
    "--payloads",
    "1,500",
  ]);
  expect(contenders.map(({ id }) => id)).toEqual(["ours", "sample"]);
  expect(payloads).toEqual([1, 500]);
});

test.each([
  [["--profile"], 1],
  [["--profile", "30000"], 30_000],
])("%o profiles ours with %i rows", (args, rows) => {
  expect(readOptions(args).profileRows).toBe(rows);
});

test.each([
  [["--contenders", "smaple"], 'there is no contender "smaple"; did you mean "sample"?'],
  [["--payloads", "0"], "Expected a whole number from 1."],
  [["--rouns", "2"], "unknown option '--rouns'"],
])("wrong usage is exit code 2: %o", async (args, message) => {
  const { exitCode, stderr } = await run(process.execPath, [
    join(import.meta.dirname, "main.ts"),
    ...args,
  ]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(message);
});
