import { readdir, readFile } from "node:fs/promises";
import { builtinModules } from "node:module";
import { basename, dirname, join, matchesGlob, relative, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { findImports, judgeImport, LIBRARY_LAW, TOP_LEVEL } from "./architecture.ts";
import { listWorkspaces, repositoryDir } from "./repository.ts";

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const readManifest = async (dir: string): Promise<Manifest> =>
  JSON.parse(await readFile(join(dir, "package.json"), "utf8")) as Manifest;

const listSources = async (dir: string): Promise<string[]> => {
  const folders = await Promise.all(
    ["src", "test"].map((folder) =>
      readdir(join(dir, folder), { recursive: true }).then(
        (names) => names.map((name) => join(dir, folder, name)),
        () => [],
      ),
    ),
  );
  return folders.flat().filter((file) => /\.[cm]?[jt]s$/.test(file));
};

const workspaces = await Promise.all(
  (await listWorkspaces()).map(async (dir) => {
    const path = relative(repositoryDir, dir);
    const kind = path.split("/")[0] as "packages" | "containers" | "scripts";
    const files = await listSources(dir);
    const sources = await Promise.all(
      files.map(async (file) => ({ file, imports: findImports(await readFile(file, "utf8")) })),
    );
    return { dir, path, kind, name: basename(dir), manifest: await readManifest(dir), sources };
  }),
);

const rootManifest = await readManifest(repositoryDir);

describe.each(workspaces)("$path", ({ dir, kind, name, manifest, sources }) => {
  test("is private, named for its folder, and says what it is", () => {
    expect(manifest).toMatchObject({
      name: `@byoc/${name}`,
      private: true,
      license: "Apache-2.0",
      type: "module",
      description: expect.stringMatching(/\w/) as string,
    });
  });

  test("depends on the rooms that the law allows", () => {
    const rooms = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })
      .filter((dependency) => dependency.startsWith("@byoc/"))
      .map((dependency) => judgeImport(kind, name, dependency.slice("@byoc/".length)));
    expect(rooms.filter((problem) => problem !== undefined)).toEqual([]);
  });

  test("imports what it declares, and nothing of another room's inside", () => {
    const declared = new Set([
      ...Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies }),
      ...Object.keys({ ...manifest.devDependencies, ...rootManifest.devDependencies }),
      manifest.name,
    ]);
    const problems = sources.flatMap(({ file, imports }) =>
      imports.flatMap((target) => {
        const problem = judgeTarget({ dir, kind, name, file, target, declared });
        return problem === undefined ? [] : [`${relative(repositoryDir, file)}: ${problem}`];
      }),
    );
    expect(problems).toEqual([]);
  });

  test("keeps libraries where they belong", () => {
    const problems = sources.flatMap(({ file, imports }) => {
      const at = relative(repositoryDir, file);
      return LIBRARY_LAW.filter(
        ({ library, files }) =>
          !files.some((glob) => matchesGlob(at, glob)) &&
          imports.some((target) => library.test(target)),
      ).map(({ library }) => `${at} imports ${library.source}`);
    });
    expect(problems).toEqual([]);
  });
});

const judgeTarget = ({
  dir,
  kind,
  name,
  file,
  target,
  declared,
}: {
  dir: string;
  kind: "packages" | "containers" | "scripts";
  name: string;
  file: string;
  target: string;
  declared: ReadonlySet<string>;
}): string | undefined => {
  if (target.startsWith("node:")) return undefined;
  if (target.startsWith(".")) {
    const isInside = resolve(dirname(file), target).startsWith(`${dir}/`);
    return isInside ? undefined : `${target} lies in another room; import it by its name`;
  }
  if (builtinModules.includes(target)) return `${target} lacks the prefix node:`;
  const [scope = "", second] = target.split("/");
  const library = scope.startsWith("@") ? `${scope}/${second}` : scope;
  if (scope === "@byoc") {
    const problem = judgeImport(kind, name, second ?? "");
    if (problem !== undefined) return problem;
  }
  return declared.has(library) ? undefined : `${library} is not in package.json`;
};

test("the top level holds what the plan of the house says, and dotfiles", async () => {
  const found = await readdir(repositoryDir);
  const names = found.filter((entry) => !entry.startsWith(".") && entry !== "node_modules");
  expect(names.toSorted()).toEqual(TOP_LEVEL);
});

test("imports are found in every form, and not in comments", () => {
  const source = `
/** @example import { a } from "comment"; */
// import "line";
import "node:side-effect";
import type { A } from "node:types";
import { b,
  c } from 'node:several-lines';
export { d } from "node:re-export";
const e = await import("node:dynamic");
const from = "x";`;
  expect(findImports(source).toSorted()).toEqual([
    "node:dynamic",
    "node:re-export",
    "node:several-lines",
    "node:side-effect",
    "node:types",
  ]);
});

test("the law refuses a way back, a neighbour, and a room that it does not know", () => {
  expect(judgeImport("packages", "serve", "opt-ml")).toMatch(/may import/);
  expect(judgeImport("packages", "metrics", "decision-tree")).toMatch(/may import/);
  expect(judgeImport("packages", "common", "errors")).toMatch(/no line in PACKAGE_LAW/);
  expect(judgeImport("containers", "decision-tree", "cifar10-cnn")).toMatch(/packages only/);
  expect(judgeImport("containers", "decision-tree", "scripts")).toMatch(/packages only/);
  expect(judgeImport("packages", "opt-ml", "metrics")).toBeUndefined();
});
