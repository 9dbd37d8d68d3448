import { expect, test } from "vitest";
import { InputError, isInputError } from "./input-error.ts";

test("the message begins with as much of the place as is known", () => {
  expect(new InputError("X", "wrong").message).toBe("wrong");
  expect(new InputError("X", "wrong", { row: 3 }).message).toBe("row 3: wrong");
  expect(
    new InputError("X", "wrong", { file: "training/iris.csv", row: 3, column: 2 }).message,
  ).toBe("training/iris.csv, row 3, column 2: wrong");
});

test("code, place and cause can be read from the error", () => {
  const cause = new Error("below");
  const error = new InputError("X", "wrong", { file: "a.csv", row: 1, column: 2, cause });
  expect(error).toMatchObject({ code: "X", file: "a.csv", row: 1, column: 2, cause });
});

test("an InputError is told from a bug, also when it comes from another copy of the class", () => {
  const foreign = Object.assign(new Error("wrong"), { name: "InputError", code: "X" });
  expect(isInputError(new InputError("X", "wrong"))).toBe(true);
  expect(isInputError(foreign)).toBe(true);
  expect(isInputError(new TypeError("bug"))).toBe(false);
  expect(isInputError("text")).toBe(false);
});
