import { readFileSync } from "node:fs";
import { totalmem } from "node:os";

const MEBIBYTE = 1024 ** 2;

/** The share of the container's memory that JavaScript objects may fill; typed arrays lie outside of it. */
const HEAP_SHARE = 0.75;

/** Memory of this container in bytes: the cgroup's limit, or the machine's memory. */
export const readMemoryBytes = (): number => {
  const limit = process.constrainedMemory();
  const total = totalmem();
  return limit > 0 && limit < total ? limit : total;
};

/**
 * The flag that lets V8's heap grow with the container; without it, V8 stops at about 4 GB on any machine.
 *
 * @returns no flag when the user has set one
 */
export const heapFlags = (
  given: readonly string[] = [...process.execArgv, process.env["NODE_OPTIONS"] ?? ""],
): readonly string[] => {
  const isGiven = given.some((text) => /--max[-_](?:old[-_]space|heap)[-_]size/u.test(text));
  if (isGiven) return [];
  return [`--max-old-space-size=${Math.floor((readMemoryBytes() * HEAP_SHARE) / MEBIBYTE)}`];
};

const OOM_COUNTERS: readonly string[] = [
  "/sys/fs/cgroup/memory.events",
  "/sys/fs/cgroup/memory/memory.oom_control",
];

/** How many processes the kernel has killed for want of memory in this container; undefined where it does not tell. */
export const readOomKills = (): number | undefined => {
  for (const file of OOM_COUNTERS) {
    try {
      const count = /^oom_kill (?<count>\d+)$/mu.exec(readFileSync(file, "utf8"))?.groups?.[
        "count"
      ];
      if (count !== undefined) return Number(count);
    } catch {
      // The other version of cgroups, or none.
    }
  }
  return undefined;
};
