import { availableParallelism } from "node:os";
import { join } from "node:path";
import { findCgroup, readTextFile } from "./cgroups.ts";

/** The least that {@link readCpuLimit} gives: the kernel's smallest quota, 1 ms in a period of 100 ms. */
export const MIN_CPUS = 0.01;

/**
 * The CPUs that this container may use: the smallest of its quotas, its CPU set and the machine.
 *
 * May be fractional: `docker run --cpus 1.5` gives 1.5, where `os.availableParallelism()` says 1 or, depending on the
 * version of control groups, all CPUs of the machine.
 *
 * @param root The folder that stands for `/`, for tests.
 * @returns {@link MIN_CPUS} or more.
 * @see https://docs.kernel.org/scheduler/sched-bwc.html
 */
export const readCpuLimit = (root = "/"): number => {
  const cgroup = findCgroup("cpu", root);
  const readQuota = cgroup?.version === 2 ? readQuotaV2 : readQuotaV1;
  const quotas = (cgroup?.folders ?? []).map(readQuota);
  const isKnown = (cpus: number): boolean => cpus > 0;
  return Math.max(MIN_CPUS, Math.min(countUsableCpus(root), ...quotas.filter(isKnown)));
};

/** `150000 100000`: microseconds of CPU time in each period; NaN for `max`. */
const readQuotaV2 = (folder: string): number => {
  const [quota, period] = (readTextFile(join(folder, "cpu.max")) ?? "").split(" ");
  return Number.parseInt(quota ?? "", 10) / Number.parseInt(period ?? "", 10);
};

/** As in version 2, in two files; -1 is no quota. */
const readQuotaV1 = (folder: string): number => {
  const quota = readTextFile(join(folder, "cpu.cfs_quota_us")) ?? "";
  const period = readTextFile(join(folder, "cpu.cfs_period_us")) ?? "";
  return Number.parseInt(quota, 10) / Number.parseInt(period, 10);
};

/**
 * The CPUs on which this process may be scheduled: its affinity, which a CPU set (`--cpuset-cpus`) narrows, less those
 * that are not online. Not asked of `availableParallelism()` where it can be read, because that rounds quotas down.
 */
const countUsableCpus = (root: string): number => {
  const status = readTextFile(join(root, "proc/self/status")) ?? "";
  const allowed = parseCpuList(
    /^Cpus_allowed_list:\s*(?<list>\S+)/m.exec(status)?.groups?.["list"],
  );
  const online = parseCpuList(readTextFile(join(root, "sys/devices/system/cpu/online"))?.trim());
  const isOnline = (cpu: number): boolean => online.size === 0 || online.has(cpu);
  return [...allowed].filter(isOnline).length || availableParallelism();
};

/** `0-3,8` as the set of 0, 1, 2, 3 and 8. */
const parseCpuList = (list = ""): Set<number> => {
  const cpus = new Set<number>();
  for (const range of list.split(",")) {
    const [first, last = first] = range.split("-").map((text) => Number.parseInt(text, 10));
    for (let cpu = first ?? NaN; cpu <= (last ?? NaN); cpu++) cpus.add(cpu);
  }
  return cpus;
};
