import { readPlatform } from "./platform.ts";
import type { LockEntry, Lockfile } from "./types.ts";

/** An optional dependency that has no entry of its own. */
export interface MissingEntry {
  /** Where the entry belongs: `node_modules/@turbo/darwin-arm64`. */
  readonly path: string;
  readonly name: string;
  readonly version: string;
  /** The entry that asks for it. */
  readonly wantedBy: string;
}

/**
 * The optional dependencies that a lockfile names and has no entry for, in the order in which npm would place them.
 *
 * npm leaves out a package that the registry did not offer when the lockfile was written; `npm ci` then refuses the
 * lockfile, or installs nothing on the systems that need that package.
 *
 * @throws Error when such a dependency has no exact version, since nothing then says which one to write.
 */
export const findMissingEntries = ({ packages }: Lockfile): MissingEntry[] => {
  const known = new Map(Object.entries(packages).map(([path, entry]) => [path, entry.version]));
  const missing: MissingEntry[] = [];
  for (const [wantedBy, entry] of Object.entries(packages)) {
    for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
      const found = findInstalled(known, wantedBy, name);
      const isExact = /^\d+\.\d+\.\d+[\w.+-]*$/.test(range);
      if (found !== undefined && (!isExact || known.get(found) === range)) continue;
      if (!isExact)
        throw new Error(`${wantedBy} wants ${name}@${range}, which is no exact version`);
      const path = found === undefined ? `node_modules/${name}` : joinModules(wantedBy, name);
      known.set(path, range);
      missing.push({ path, name, version: range, wantedBy });
    }
  }
  return missing;
};

/**
 * The lockfile with an entry for every optional dependency; what it has already stays as it is.
 *
 * An added entry has no integrity: it is for a system whose package the registry did not offer here.
 */
export const completeLockfile = <T extends Lockfile>(lockfile: T): T => {
  const packages: Record<string, LockEntry> = { ...lockfile.packages };
  for (const missing of findMissingEntries(lockfile)) {
    packages[missing.path] = createEntry(missing, packages);
  }
  const sorted = Object.entries(packages).toSorted(([a], [b]) => a.localeCompare(b, "en"));
  return { ...lockfile, packages: Object.fromEntries(sorted) };
};

/** Where Node would find `name` from the package at `from`; the nearest folder first. */
const findInstalled = (
  known: ReadonlyMap<string, unknown>,
  from: string,
  name: string,
): string | undefined => {
  const folders = [from];
  for (let end = from.lastIndexOf("/node_modules/"); end >= 0;) {
    folders.push(from.slice(0, end));
    end = end === 0 ? -1 : from.lastIndexOf("/node_modules/", end - 1);
  }
  return [...folders, ""]
    .map((folder) => joinModules(folder, name))
    .find((path) => known.has(path));
};

const joinModules = (folder: string, name: string): string =>
  folder === "" ? `node_modules/${name}` : `${folder}/node_modules/${name}`;

/** An entry in npm's own order: version, then plain values by name, then objects by name. */
const createEntry = (
  { name, version, wantedBy }: MissingEntry,
  packages: Readonly<Record<string, LockEntry>>,
): LockEntry => {
  const parent = packages[wantedBy] ?? {};
  const sibling = findSibling(parent, packages, wantedBy, version);
  const platform = readPlatform(name);
  const isForWindows = platform?.os?.includes("win32") === true;
  return {
    version,
    ...(platform?.cpu === undefined ? {} : { cpu: platform.cpu }),
    ...(parent.dev === true ? { dev: true } : {}),
    ...(platform?.libc === undefined ? {} : { libc: platform.libc }),
    optional: true,
    ...(platform?.os === undefined ? {} : { os: platform.os }),
    ...(parent.peer === true ? { peer: true } : {}),
    ...(sibling?.bin === undefined || isForWindows ? {} : { bin: sibling.bin }),
    ...(sibling?.engines === undefined ? {} : { engines: sibling.engines }),
  };
};

/** Another package of the same family that is there, and is not for Windows: its commands and engines are the same. */
const findSibling = (
  parent: LockEntry,
  packages: Readonly<Record<string, LockEntry>>,
  wantedBy: string,
  version: string,
): LockEntry | undefined => {
  const known = new Map(Object.entries(packages));
  return Object.keys(parent.optionalDependencies ?? {})
    .map((name) => known.get(findInstalled(known, wantedBy, name) ?? ""))
    .find((entry) => entry?.version === version && [entry.os].flat().every((os) => os !== "win32"));
};
