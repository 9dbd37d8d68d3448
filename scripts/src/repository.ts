import { readdir } from "node:fs/promises";
import { join, relative, resolve } from "node:path";

/** The folder of the repository, absolute. */
export const repositoryDir: string = resolve(import.meta.dirname, "../..");

/** The names of the containers, sorted: the folders of `containers/`. */
export const listContainers = (): Promise<string[]> => listFolders("containers");

/** The folders of all workspaces, absolute: packages, containers, scripts. */
export const listWorkspaces = async (): Promise<string[]> => {
  const groups = ["packages", "containers"].map(async (group) =>
    (await listFolders(group)).map((name) => join(repositoryDir, group, name)),
  );
  return [...(await Promise.all(groups)).flat(), join(repositoryDir, "scripts")];
};

const listFolders = async (dir: string): Promise<string[]> => {
  const found = await readdir(join(repositoryDir, dir), { withFileTypes: true });
  return found
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .map((entry) => entry.name)
    .toSorted();
};

/** A path as a person at `cwd` would type it: relative when it lies at or below that folder, absolute otherwise. */
export const showPath = (path: string, cwd: string = process.cwd()): string => {
  const fromHere = relative(cwd, path);
  if (fromHere === "") return ".";
  return fromHere.startsWith("..") ? path : fromHere;
};
