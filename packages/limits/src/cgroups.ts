import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Where a controller's files lie, for this process and everything above it. */
export interface Cgroup {
  readonly version: 1 | 2;
  /** Folders from the process's own group up to the mount; a folder that is not visible is simply not there. */
  readonly folders: readonly string[];
}

/** A line of /proc/self/mountinfo: which part of a hierarchy is mounted, and where. */
interface Mount {
  readonly version: 1 | 2;
  /** In version 1 the controllers of the hierarchy are among them. */
  readonly options: readonly string[];
  readonly mountRoot: string;
  readonly mountPoint: string;
}

/**
 * Finds the control groups that bound this process, whichever version the machine has, with or without a namespace.
 *
 * A controller belongs to exactly one hierarchy: to version 1 if /proc/self/cgroup names it, else to version 2.
 *
 * @param root The folder that stands for `/`.
 * @returns undefined where there are no control groups: another system than Linux, or none mounted.
 * @see https://man7.org/linux/man-pages/man7/cgroups.7.html
 * @see https://docs.kernel.org/admin-guide/cgroup-v2.html
 */
export const findCgroup = (controller: "cpu" | "memory", root: string): Cgroup | undefined => {
  const groups = readLines(join(root, "proc/self/cgroup")).map((line) => line.split(":"));
  const named = groups.find(([, controllers = ""]) => controllers.split(",").includes(controller));
  const group = named ?? groups.find(([id, controllers]) => id === "0" && controllers === "");
  if (group === undefined) return undefined;

  const version = named === undefined ? 2 : 1;
  const mount = readLines(join(root, "proc/self/mountinfo"))
    .map(parseMount)
    .find(
      (each) => each?.version === version && (version === 2 || each.options.includes(controller)),
    );
  if (mount === undefined) return undefined;

  const path = group.slice(2).join(":");
  const base = join(root, mount.mountPoint);
  return { version, folders: listFolders(base, toRelative(path, mount.mountRoot)) };
};

/** The text of a file, or undefined if it is not there or cannot be read. */
export const readTextFile = (path: string): string | undefined => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
};

/**
 * The number after a key in a file of lines `key number`, or undefined.
 *
 * @param separator What stands between them: a space in control groups, a colon in /proc.
 */
export const findNumber = (text = "", key: string, separator = " "): number | undefined => {
  for (const line of text.split("\n")) {
    if (!line.startsWith(key + separator)) continue;
    const number = Number.parseInt(line.slice(key.length + separator.length), 10);
    return Number.isNaN(number) ? undefined : number;
  }
  return undefined;
};

const readLines = (path: string): string[] => (readTextFile(path) ?? "").split("\n");

/** `35 31 0:32 /docker/1f /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory`. */
const parseMount = (line: string): Mount | undefined => {
  const [left = "", right = ""] = line.split(" - ", 2);
  const [, , , mountRoot = "/", mountPoint = ""] = left.split(" ");
  const [type, , options = ""] = right.split(" ");
  if (type !== "cgroup" && type !== "cgroup2") return undefined;
  return {
    version: type === "cgroup" ? 1 : 2,
    options: options.split(","),
    mountRoot,
    mountPoint,
  };
};

/**
 * The names of the groups below the mount. A container that sees the host's path, and only its own group mounted, has
 * nothing below; in one whose path leads out of its namespace (`/../other`) the mount is all that is known.
 */
const toRelative = (path: string, mountRoot: string): readonly string[] => {
  const prefix = mountRoot.endsWith("/") ? mountRoot : `${mountRoot}/`;
  const names = `${path}/`.startsWith(prefix) ? path.slice(prefix.length).split("/") : [];
  return names.includes("..") ? [] : names.filter((name) => name !== "");
};

const listFolders = (base: string, names: readonly string[]): readonly string[] =>
  Array.from({ length: names.length + 1 }, (_, up) =>
    join(base, ...names.slice(0, names.length - up)),
  );
