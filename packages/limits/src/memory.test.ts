import { spawn } from "node:child_process";
import { once } from "node:events";
import { totalmem } from "node:os";
import { expect, test } from "vitest";
import { makeRoot, MOUNT_V2, toMountsV1 } from "../test/make-root.ts";
import { countOomKills, readMemoryLimitBytes, readMemoryUsageBytes } from "./memory.ts";
import { readProcessTreeBytes } from "./process-tree.ts";

const MB = 1024 ** 2;

const V2 = { "proc/self/cgroup": "0::/\n", "proc/self/mountinfo": MOUNT_V2 };
const V1 = {
  "proc/self/cgroup": "4:memory:/docker/1f\n2:cpu,cpuacct:/docker/1f\n",
  "proc/self/mountinfo": toMountsV1("/docker/1f"),
};

test("a container of version 2 reads limit, usage without idle page cache, and kills", () => {
  const root = makeRoot({
    ...V2,
    "sys/fs/cgroup/memory.max": `${64 * MB}\n`,
    "sys/fs/cgroup/memory.current": `${50 * MB}\n`,
    "sys/fs/cgroup/memory.stat": `anon ${20 * MB}\nactive_file 9\ninactive_file ${10 * MB}\n`,
    "sys/fs/cgroup/memory.events": "low 0\nhigh 0\nmax 7\noom 3\noom_kill 2\noom_group_kill 0\n",
  });
  expect(readMemoryLimitBytes(root)).toBe(64 * MB);
  expect(readMemoryUsageBytes(root)).toBe(40 * MB);
  expect(countOomKills(root)).toBe(2);
});

test("without a namespace the smallest limit up to the root counts, and the own group's usage", () => {
  const root = makeRoot({
    "proc/self/cgroup": "0::/pod/container\n",
    "proc/self/mountinfo": MOUNT_V2,
    "sys/fs/cgroup/pod/memory.max": `${32 * MB}\n`,
    "sys/fs/cgroup/pod/memory.current": `${30 * MB}\n`,
    "sys/fs/cgroup/pod/container/memory.max": "max\n",
    "sys/fs/cgroup/pod/container/memory.current": `${8 * MB}\n`,
  });
  expect(readMemoryLimitBytes(root)).toBe(32 * MB);
  expect(readMemoryUsageBytes(root)).toBe(8 * MB);
});

test("a container of version 1 reads limit, usage and kills where its own group is mounted", () => {
  const root = makeRoot({
    ...V1,
    "sys/fs/cgroup/memory/memory.limit_in_bytes": `${64 * MB}\n`,
    "sys/fs/cgroup/memory/memory.usage_in_bytes": `${50 * MB}\n`,
    "sys/fs/cgroup/memory/memory.stat": `inactive_file 1\ntotal_inactive_file ${10 * MB}\n`,
    "sys/fs/cgroup/memory/memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 1\n",
  });
  expect(readMemoryLimitBytes(root)).toBe(64 * MB);
  expect(readMemoryUsageBytes(root)).toBe(40 * MB);
  expect(countOomKills(root)).toBe(1);
});

test("version 1 tells of a limit above the container, as a task of ECS has", () => {
  const root = makeRoot({
    ...V1,
    "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
    "sys/fs/cgroup/memory/memory.stat": `hierarchical_memory_limit ${16 * MB}\n`,
  });
  expect(readMemoryLimitBytes(root)).toBe(16 * MB);
});

test("without a limit the machine's memory counts", () => {
  const unlimited = "9223372036854771712\n";
  const v1 = makeRoot({ ...V1, "sys/fs/cgroup/memory/memory.limit_in_bytes": unlimited });
  const v2 = makeRoot({ ...V2, "sys/fs/cgroup/memory.max": "max\n" });
  expect(readMemoryLimitBytes(v1)).toBe(totalmem());
  expect(readMemoryLimitBytes(v2)).toBe(totalmem());
  expect(readMemoryLimitBytes(makeRoot({}))).toBe(totalmem());
});

test("without control groups the resident memory of the process and its descendants counts", () => {
  const root = makeRoot({
    "proc/self/status": "Name:\tnode\nPid:\t20\nPPid:\t1\nVmRSS:\t    1000 kB\n",
    "proc/1/status": "Pid:\t1\nPPid:\t0\nVmRSS:\t 9999 kB\n",
    "proc/20/status": "Pid:\t20\nPPid:\t1\nVmRSS:\t    1000 kB\n",
    "proc/21/status": "Pid:\t21\nPPid:\t20\nVmRSS:\t     200 kB\n",
    "proc/22/status": "Pid:\t22\nPPid:\t21\nVmRSS:\t      30 kB\n",
    "proc/23/status": "Pid:\t23\nPPid:\t21\nState:\tZ (zombie)\n",
    "proc/40/status": "Pid:\t40\nPPid:\t1\nVmRSS:\t     500 kB\n",
    "proc/50/status": "Pid:\t50\nPPid:\t51\nVmRSS:\t     500 kB\n",
    "proc/51/status": "Pid:\t51\nPPid:\t50\nVmRSS:\t     500 kB\n",
    "proc/uptime": "1 1\n",
  });
  expect(readMemoryUsageBytes(root)).toBe(1230 * 1024);
  expect(countOomKills(root)).toBeUndefined();
});

test("without /proc it is the resident memory of this process", () => {
  expect(readMemoryUsageBytes(makeRoot({}))).toBeGreaterThan(10 * MB);
});

test.skipIf(process.platform !== "linux")("a real child process is counted", async () => {
  const before = readProcessTreeBytes("/");
  const script = "globalThis.held = Buffer.alloc(200 * 2 ** 20, 1); console.log('ready')";
  const child = spawn(process.execPath, ["-e", `${script}; setInterval(() => {}, 1000)`]);
  await once(child.stdout, "data");
  expect(readProcessTreeBytes("/") - before).toBeGreaterThan(180 * MB);
  child.kill("SIGKILL");
  await once(child, "exit");
});

test("this machine has limits that make sense", () => {
  expect(readMemoryUsageBytes()).toBeGreaterThan(MB);
  expect(readMemoryLimitBytes()).toBeGreaterThan(64 * MB);
  expect(countOomKills() ?? 0).toBeGreaterThanOrEqual(0);
});
