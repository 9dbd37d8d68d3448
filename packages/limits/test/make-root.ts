import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

/** What /proc/self/mountinfo says of control groups version 2. */
export const MOUNT_V2 = "30 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n";

/** What it says of version 1, where `mountRoot` is the part of each hierarchy that the container sees. */
export const toMountsV1 = (mountRoot: string): string =>
  `23 22 0:21 / /sys rw - sysfs sysfs rw
33 31 0:30 ${mountRoot} /sys/fs/cgroup/cpu,cpuacct ro,nosuid master:11 - cgroup cgroup rw,cpu,cpuacct
34 31 0:31 ${mountRoot} /sys/fs/cgroup/memory ro,nosuid master:12 - cgroup cgroup rw,memory
`;

/** A folder that stands for `/` with these files, gone when the test is over. */
export const makeRoot = (files: Readonly<Record<string, string>>): string => {
  const root = mkdtempSync(join(tmpdir(), "limits-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
};
