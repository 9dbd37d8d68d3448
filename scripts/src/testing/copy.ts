import { cp, mkdir, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repositoryDir } from "../repository.ts";
import { run } from "./run.ts";

const NOT_COPIED = new Set(["node_modules", ".git", ".byoc", ".turbo"]);

/** Writes the stamp of set-up by set-up's own function. */
const STAMP = `
byoc_root="$PWD"
eval "$(sed -n '/^byoc_fingerprint()/,/^}/p' scripts/setup)"
byoc_fingerprint >node_modules/.byoc-setup`;

/**
 * A copy of the repository in a temporary folder, set up by links to the packages that are installed here.
 *
 * Commands that run in it leave the trees and models of this one alone.
 */
export const createCopy = async (): Promise<{ dir: string; remove: () => Promise<void> }> => {
  const dir = await mkdtemp(join(tmpdir(), "byoc-copy-"));
  await cp(repositoryDir, dir, {
    recursive: true,
    filter: (source) => !NOT_COPIED.has(source.split("/").at(-1) ?? ""),
  });
  const modules = join(repositoryDir, "node_modules");
  await mkdir(join(dir, "node_modules"));
  for (const name of await readdir(modules)) {
    if (name === ".byoc-setup") continue;
    await symlink(join(modules, name), join(dir, "node_modules", name));
  }
  await run("bash", ["-euc", STAMP], { cwd: dir });
  return { dir, remove: () => rm(dir, { recursive: true, force: true }) };
};
