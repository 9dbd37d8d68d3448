import { execFileSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeRoot, MOUNT_V2, toMountsV1 } from "../test/make-root.ts";
import { MIN_CPUS, readCpuLimit } from "./cpu.ts";

const EIGHT_CPUS = {
  "proc/self/status": "Name:\tnode\nCpus_allowed:\tff\nCpus_allowed_list:\t0-7\n",
  "sys/devices/system/cpu/online": "0-15\n",
};

test("a container with a namespace of version 2 reads its quota, which may be fractional", () => {
  const root = makeRoot({
    ...EIGHT_CPUS,
    "proc/self/cgroup": "0::/\n",
    "proc/self/mountinfo": MOUNT_V2,
    "sys/fs/cgroup/cpu.max": "150000 100000\n",
  });
  expect(readCpuLimit(root)).toBe(1.5);
});

test("without a namespace the smallest quota up to the root counts", () => {
  const root = makeRoot({
    ...EIGHT_CPUS,
    "proc/self/cgroup": "0::/pod/container/worker\n",
    "proc/self/mountinfo": MOUNT_V2,
    "sys/fs/cgroup/pod/cpu.max": "200000 100000\n",
    "sys/fs/cgroup/pod/container/cpu.max": "400000 100000\n",
    "sys/fs/cgroup/pod/container/worker/cpu.max": "max 100000\n",
  });
  expect(readCpuLimit(root)).toBe(2);
});

test("a container of version 1 reads its quota where its own group is mounted", () => {
  const root = makeRoot({
    ...EIGHT_CPUS,
    "proc/self/cgroup": "4:memory:/docker/1f\n2:cpu,cpuacct:/docker/1f\n",
    "proc/self/mountinfo": toMountsV1("/docker/1f"),
    "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "50000\n",
    "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
  });
  expect(readCpuLimit(root)).toBe(0.5);
});

test("a process of version 1 on the host reads the quotas of all groups above it", () => {
  const root = makeRoot({
    ...EIGHT_CPUS,
    "proc/self/cgroup": "2:cpu,cpuacct:/ecs/task/container\n0::/\n",
    "proc/self/mountinfo": toMountsV1("/") + MOUNT_V2,
    "sys/fs/cgroup/cpu,cpuacct/ecs/task/container/cpu.cfs_quota_us": "-1\n",
    "sys/fs/cgroup/cpu,cpuacct/ecs/task/container/cpu.cfs_period_us": "100000\n",
    "sys/fs/cgroup/cpu,cpuacct/ecs/task/cpu.cfs_quota_us": "300000\n",
    "sys/fs/cgroup/cpu,cpuacct/ecs/task/cpu.cfs_period_us": "100000\n",
  });
  expect(readCpuLimit(root)).toBe(3);
});

test("without a quota the CPUs count on which the process may run and which are online", () => {
  const withoutQuota = {
    "proc/self/cgroup": "0::/\n",
    "proc/self/mountinfo": MOUNT_V2,
    "sys/fs/cgroup/cpu.max": "max 100000\n",
  };
  const narrow = makeRoot({
    ...withoutQuota,
    "proc/self/status": "Cpus_allowed_list:\t0-2,8\n",
    "sys/devices/system/cpu/online": "0-15\n",
  });
  const possible = makeRoot({
    ...withoutQuota,
    "proc/self/status": "Cpus_allowed_list:\t0-127\n",
    "sys/devices/system/cpu/online": "0-1,3\n",
  });
  expect(readCpuLimit(narrow)).toBe(4);
  expect(readCpuLimit(possible)).toBe(3);
});

test("a quota is never below the smallest that the kernel gives", () => {
  const root = makeRoot({
    "proc/self/cgroup": "0::/\n",
    "proc/self/mountinfo": MOUNT_V2,
    "sys/fs/cgroup/cpu.max": "1000 1000000\n",
  });
  expect(readCpuLimit(root)).toBe(MIN_CPUS);
});

test("where nothing can be read, or what is there makes no sense, the machine counts", () => {
  const odd = makeRoot({
    "proc/self/cgroup": "0::/../other\n",
    "proc/self/mountinfo": `broken\n${MOUNT_V2}`,
    "sys/fs/cgroup/cpu.max": "\n",
    "proc/self/status": "Cpus_allowed_list:\tall\n",
  });
  expect(readCpuLimit(makeRoot({}))).toBe(availableParallelism());
  expect(readCpuLimit(odd)).toBe(availableParallelism());
});

test.skipIf(process.platform !== "linux")("a real process that is bound to one CPU has one", () => {
  const script = `
    const { readCpuLimit } = await import(${JSON.stringify(join(import.meta.dirname, "cpu.ts"))});
    console.log(readCpuLimit());`;
  const command = ["-c", "0", process.execPath, "--input-type=module", "-e", script];
  expect(Number(execFileSync("taskset", command, { encoding: "utf8" }))).toBeLessThanOrEqual(1);
});
