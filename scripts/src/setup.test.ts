import { cp, mkdir, mkdtemp, readFile, rm, symlink, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { repositoryDir } from "./repository.ts";
import { run, type RunResult } from "./testing/run.ts";

// A repository of the same shape without dependencies: there, npm ci takes half a second and needs no network.
const MANIFESTS = {
  "package.json": {
    name: "root",
    private: true,
    workspaces: ["packages/*", "containers/*", "scripts"],
  },
  "packages/a/package.json": { name: "a", version: "1.0.0" },
  "containers/b/package.json": { name: "b", version: "1.0.0" },
  "scripts/package.json": { name: "c", version: "1.0.0" },
};
const PROGRAM = "console.log(process.version, ...process.argv.slice(2));";
const PATH = `${dirname(process.execPath)}:${process.env["PATH"]}`;
let root = "";

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "byoc setup "));
  for (const [path, manifest] of Object.entries(MANIFESTS)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), JSON.stringify(manifest));
  }
  for (const name of ["byoc", "setup"]) {
    await cp(join(repositoryDir, "scripts", name), join(root, "scripts", name));
  }
  await mkdir(join(root, "scripts/src"));
  await writeFile(join(root, "scripts/src/byoc.ts"), PROGRAM);
  await run("npm", ["install", "--package-lock-only", "--offline"], { cwd: root });
});

afterAll(() => rm(root, { recursive: true, force: true }));

beforeEach(() => rm(join(root, "node_modules"), { recursive: true, force: true }));

const byoc = ({
  path = PATH,
  cwd = root,
  command = join(root, "scripts/byoc"),
} = {}): Promise<RunResult> => run(command, ["a b"], { cwd, env: { PATH: path } });

const answer = { exitCode: 0, stdout: `${process.version} a b\n` };

test("the first command sets up and says so on stderr; the next one is quiet", async () => {
  const first = await byoc();
  expect(first).toMatchObject(answer);
  expect(first.stderr).toMatch(/^Setting up \(once, about half a minute\) …\n/);
  expect(await byoc()).toEqual({ ...answer, stderr: "" });
});

test("a changed manifest, and a set-up that was cut off, are set up again", async () => {
  await byoc();
  const manifest = join(root, "packages/a/package.json");
  await writeFile(manifest, `${await readFile(manifest, "utf8")}\n`);
  expect((await byoc()).stderr).toContain("Setting up");
  await unlink(join(root, "node_modules/.byoc-setup"));
  expect((await byoc()).stderr).toContain("Setting up");
});

test("two at once set up once, and both go on", async () => {
  const both = await Promise.all([byoc(), byoc()]);
  expect(both).toMatchObject([answer, answer]);
  const said = both.map(({ stderr }) => stderr).join("");
  expect(said.split("Setting up")).toHaveLength(2);
});

test("the lock of a process that is gone is taken over", async () => {
  await mkdir(join(root, ".byoc"), { recursive: true });
  await symlink("999999999", join(root, ".byoc/setup.lock"));
  expect(await byoc()).toMatchObject(answer);
});

test("the repository is found through symbolic links and from any folder", async () => {
  await byoc();
  const other = await mkdtemp(join(tmpdir(), "byoc-link-"));
  await symlink(join(root, "scripts/byoc"), join(other, "first"));
  await symlink("first", join(other, "second"));
  const result = await byoc({ cwd: other, command: join(other, "second") });
  await rm(other, { recursive: true });
  expect(result).toEqual({ ...answer, stderr: "" });
});

test("an old Node, or none, is an error that says what was found and how to get one", async () => {
  const bin = join(root, "bin");
  await mkdir(bin);
  for (const tool of ["bash", "cat", "cksum", "dirname", "head", "readlink"]) {
    const { stdout } = await run("bash", ["-c", `command -v ${tool}`]);
    await symlink(stdout.trim(), join(bin, tool));
  }
  const none = await byoc({ path: bin });
  expect(none).toMatchObject({ exitCode: 1, stdout: "" });
  expect(none.stderr).toContain("Node.js was not found on PATH");
  await writeFile(join(bin, "node"), "#!/usr/bin/env bash\necho v18.20.0\n", { mode: 0o755 });
  const old = await byoc({ path: bin });
  expect(old).toMatchObject({ exitCode: 1, stdout: "" });
  expect(old.stderr).toContain(`Node.js v18.20.0 was found (${join(bin, "node")}); version 20 or`);
  expect(old.stderr).toContain("https://nodejs.org/en/download");
});

test("a Node that only sets up is not enough where no ready-made one runs", async () => {
  const bin = await mkdtemp(join(tmpdir(), "byoc-node-"));
  const script = `#!/usr/bin/env bash\n[ "$1" = --version ] && echo v20.19.0 || exec "${process.execPath}" "$@"\n`;
  await writeFile(join(bin, "node"), script, { mode: 0o755 });
  const { exitCode, stdout, stderr } = await byoc({ path: `${bin}:${PATH}` });
  await rm(bin, { recursive: true });
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
  expect(stderr).toContain("no ready-made Node.js 24 for this system");
  expect(stderr).toContain("and Node.js v20.19.0 is on PATH");
});

test("when npm fails, its errors and the place of its whole output are told", async () => {
  const manifest = join(root, "packages/a/package.json");
  const before = await readFile(manifest, "utf8");
  const broken = {
    ...MANIFESTS["packages/a/package.json"],
    dependencies: { x: "file:../nowhere" },
  };
  await writeFile(manifest, JSON.stringify(broken));
  const { exitCode, stdout, stderr } = await byoc();
  await writeFile(manifest, before);
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
  expect(stderr).toContain("npm error");
  expect(stderr).toContain(`its whole output is in ${join(root, ".byoc/setup.log")}`);
  expect(await byoc()).toMatchObject(answer);
});
