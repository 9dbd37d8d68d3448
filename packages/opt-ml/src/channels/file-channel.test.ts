import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { failureOf, readBytes } from "../../test/support.ts";
import { listChannelFiles, readFileChannel } from "./file-channel.ts";

let dir = "";

beforeEach(() => {
  dir = path.join(mkdtempSync(path.join(tmpdir(), "file-channel-")), "training");
  mkdirSync(dir);
});

afterEach(() => rmSync(path.dirname(dir), { recursive: true, force: true }));

const write = (...names: readonly string[]): void => {
  for (const name of names) {
    mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
    writeFileSync(path.join(dir, name), name);
  }
};

const list = (): readonly string[] =>
  listChannelFiles(dir, "training").map((file) => path.relative(dir, file));

const fail = (): Promise<string> => failureOf(list);

test("files of all sub-folders come in the order of their paths", () => {
  write("b.csv", "a/2.csv", "a/1.csv", "a/deep/er/0.csv", "A.csv", "a-b.csv", "part-10", "part-9");
  expect(list()).toEqual([
    "A.csv",
    "a-b.csv",
    "a/1.csv",
    "a/2.csv",
    "a/deep/er/0.csv",
    "b.csv",
    "part-10",
    "part-9",
  ]);
});

test("dotfiles, markers and the channel's manifest are no data", () => {
  write("a.csv", ".DS_Store", ".ipynb_checkpoints/a.csv", "_SUCCESS", "sub/_SUCCESS");
  write("training-manifest", "sub/.hidden", "sub/training-manifest", "validation-manifest");
  writeFileSync(`${dir}-manifest`, "beside the folder");
  expect(list()).toEqual(["a.csv", "sub/training-manifest", "validation-manifest"]);
});

test("an empty file is a file", () => {
  writeFileSync(path.join(dir, "empty.csv"), "");
  expect(list()).toEqual(["empty.csv"]);
});

test("links are followed, but not round in circles", () => {
  const elsewhere = path.join(path.dirname(dir), "elsewhere");
  mkdirSync(elsewhere);
  writeFileSync(path.join(elsewhere, "c.csv"), "");
  write("sub/a.csv");
  symlinkSync(elsewhere, path.join(dir, "linked"));
  symlinkSync(path.join(elsewhere, "c.csv"), path.join(dir, "linked.csv"));
  symlinkSync(dir, path.join(dir, "sub/loop"));
  symlinkSync(dir, path.join(elsewhere, "loop"));
  expect(list()).toEqual(["linked.csv", "linked/c.csv", "sub/a.csv"]);
});

test("a link that leads nowhere is named", async () => {
  write("a.csv");
  symlinkSync(path.join(dir, "gone.csv"), path.join(dir, "lost.csv"));
  expect(await fail()).toMatch(
    /^CHANNEL_UNREADABLE channel training: .*\/training\/lost\.csv cannot be read: .*; it is a link that leads nowhere$/u,
  );
});

test("a link to itself is named", async () => {
  symlinkSync("self", path.join(dir, "self"));
  expect(await fail()).toMatch(/^CHANNEL_UNREADABLE .*self cannot be read: ELOOP.*leads nowhere$/u);
});

test("a folder that is a link to nowhere is named", async () => {
  rmSync(dir, { recursive: true });
  symlinkSync("/nowhere/at/all", dir);
  expect(await fail()).toMatch(/^CHANNEL_UNREADABLE channel training: .*leads nowhere$/u);
});

test("a missing folder, a file in its place and a folder without files are told apart", async () => {
  write(".hidden", "_SUCCESS", "sub/.hidden");
  expect(await fail()).toMatch(
    /^CHANNEL_EMPTY .* holds no files; is the channel's S3 prefix right\?$/u,
  );
  rmSync(dir, { recursive: true });
  expect(await fail()).toMatch(/^CHANNEL_EMPTY .*there is no folder/u);
  writeFileSync(dir, "");
  expect(await fail()).toMatch(/^CHANNEL_EMPTY .*there is no folder/u);
});

test("every file is a source with the channel in its name, and can be read again", async () => {
  write("b.csv", "a/1.csv");
  for (const epoch of [1, 2]) {
    const read: string[] = [];
    for (const source of readFileChannel(dir, "training")) {
      read.push(`${source.name}: ${(await readBytes(source.stream())).toString()}`);
    }
    expect(read, `epoch ${epoch}`).toEqual(["training/a/1.csv: a/1.csv", "training/b.csv: b.csv"]);
  }
});

test.runIf(process.getuid?.() === 0)(
  "a folder without its x bit, as another user sees it, is told with what to change",
  () => {
    write("a.csv");
    execFileSync("chmod", ["755", path.dirname(dir)]);
    execFileSync("chmod", ["644", dir]);
    const program = `
      process.setuid(65534);
      const { listChannelFiles } = await import(${JSON.stringify(path.join(import.meta.dirname, "file-channel.ts"))});
      try { listChannelFiles(${JSON.stringify(dir)}, "training"); } catch (error) { console.log(error.code, error.message); }`;
    const parameters = ["--input-type=module", "--eval", program];
    expect(execFileSync(process.execPath, parameters, { encoding: "utf8" })).toMatch(
      /^CHANNEL_UNREADABLE channel training: .*EACCES.*remove USER from the Dockerfile$/mu,
    );
  },
);
