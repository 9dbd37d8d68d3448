import { totalmem } from "node:os";
import { join } from "node:path";
import { type Cgroup, findCgroup, findNumber, readTextFile } from "./cgroups.ts";
import { readProcessTreeBytes } from "./process-tree.ts";

/** How the two versions call the same things. */
const FILES = {
  1: { limit: "memory.limit_in_bytes", usage: "memory.usage_in_bytes", oom: "memory.oom_control" },
  2: { limit: "memory.max", usage: "memory.current", oom: "memory.events" },
} as const;

/** Page cache that the kernel takes back before it kills anything; version 1 counts groups below in `total_`. */
const INACTIVE_FILE = { 1: "total_inactive_file", 2: "inactive_file" } as const;

/**
 * The memory that this container may use, in bytes: the smallest limit of its control group and those above, else all
 * memory of the machine.
 *
 * @param root The folder that stands for `/`, for tests.
 * @see https://docs.kernel.org/admin-guide/cgroup-v2.html#memory-interface-files
 */
export const readMemoryLimitBytes = (root = "/"): number => {
  const cgroup = findCgroup("memory", root);
  const limits = (cgroup?.folders ?? []).flatMap((folder) => readLimits(cgroup as Cgroup, folder));
  const isKnown = (bytes: number): boolean => bytes > 0;
  return Math.min(totalmem(), ...limits.filter(isKnown));
};

/**
 * The memory that this container uses, in bytes: all that is charged to its control group, less the page cache that can
 * be taken back at once, as `docker stats` and Kubernetes count; where there is no control group, the resident memory
 * of this process and its descendants.
 *
 * @param root The folder that stands for `/`, for tests.
 * @see https://docs.docker.com/reference/cli/docker/container/stats/
 */
export const readMemoryUsageBytes = (root = "/"): number => {
  const cgroup = findCgroup("memory", root);
  for (const folder of cgroup?.folders ?? []) {
    const { version } = cgroup as Cgroup;
    const usage = readNumber(join(folder, FILES[version].usage));
    if (Number.isNaN(usage)) continue;
    const cache =
      findNumber(readTextFile(join(folder, "memory.stat")), INACTIVE_FILE[version]) ?? 0;
    return Math.max(0, usage - cache);
  }
  return readProcessTreeBytes(root);
};

/**
 * How many processes of this container the kernel has killed for want of memory since it started.
 *
 * @param root The folder that stands for `/`, for tests.
 * @returns undefined where the kernel does not tell: no control group, or a kernel before 4.13.
 */
export const countOomKills = (root = "/"): number | undefined => {
  const cgroup = findCgroup("memory", root);
  for (const folder of cgroup?.folders ?? []) {
    const events = readTextFile(join(folder, FILES[(cgroup as Cgroup).version].oom));
    const kills = findNumber(events, "oom_kill");
    if (kills !== undefined) return kills;
  }
  return undefined;
};

/** Version 1 also tells the smallest limit above, where the folders above are not visible in the container. */
const readLimits = ({ version }: Cgroup, folder: string): number[] => {
  const own = readNumber(join(folder, FILES[version].limit));
  if (version === 2) return [own];
  const stat = readTextFile(join(folder, "memory.stat"));
  return [own, findNumber(stat, "hierarchical_memory_limit") ?? NaN];
};

/** The number that a file holds; NaN for `max`, and for a file that is not there. */
const readNumber = (path: string): number => Number.parseInt(readTextFile(path) ?? "", 10);
