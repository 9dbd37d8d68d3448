import { expect, test } from "vitest";
import { runScript } from "../test/run-script.ts";

const say = (statements: string) => {
  const { stdout, stderr } = runScript(`import { log } from "./src/log.ts"; ${statements}`);
  return { stdout, stderr };
};

test("information goes to stdout, problems to stderr", () => {
  expect(say('log.info("begins"); log.warn("slow"); log.error("fails");')).toEqual({
    stdout: "begins\n",
    stderr: "warning: slow\nerror: fails\n",
  });
});

test("a problem of several lines is named once, and its other lines are indented", () => {
  expect(
    say(String.raw`log.error("TypeError: x\n    at f (a.ts:1:2)\r\n    at g (a.ts:3:4)\n");`),
  ).toEqual({
    stdout: "",
    stderr: "error: TypeError: x\n      at f (a.ts:1:2)\n      at g (a.ts:3:4)\n",
  });
});

test("information of several lines keeps its columns", () => {
  expect(say(String.raw`log.info("a b\n1 2\n\n3 4\n");`).stdout).toBe("a b\n1 2\n\n3 4\n");
});

test("colour codes are taken out, and a carriage return ends a line", () => {
  expect(say(String.raw`log.info("\u001b[31mred\u001b[0m\r50%\rdone");`).stdout).toBe(
    "red\n50%\ndone\n",
  );
});
