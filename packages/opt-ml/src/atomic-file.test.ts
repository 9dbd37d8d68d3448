import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeFileAtomic } from "./atomic-file.ts";

let dir = "";

beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), "atomic-file-"));
});

afterEach(() => rmSync(dir, { recursive: true, force: true }));

test("texts and bytes are written one after the other, into folders that need not be there", () => {
  const file = path.join(dir, "a/b/c.bin");
  writeFileAtomic(file, "é", Buffer.from([0, 255]), Float32Array.of(1));
  expect(readFileSync(file).toString("hex")).toBe("c3a900ff0000803f");
  expect(readdirSync(path.dirname(file))).toEqual(["c.bin"]);
});

test("a file that is there is replaced whole", () => {
  const file = path.join(dir, "x");
  writeFileAtomic(file, "long long text");
  writeFileAtomic(file, "short");
  expect(readFileSync(file, "utf8")).toBe("short");
});

test("what cannot be written leaves nothing behind", () => {
  const file = path.join(dir, "x");
  mkdirSync(path.join(file, "in the way"), { recursive: true });
  expect(() => writeFileAtomic(file, "text")).toThrow(/EISDIR|ENOTEMPTY|EEXIST/u);
  expect(readdirSync(dir)).toEqual(["x"]);
  expect(existsSync(path.join(file, "in the way"))).toBe(true);
});
