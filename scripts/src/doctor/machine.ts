import { readFile, statfs } from "node:fs/promises";
import { once } from "node:events";
import { createServer } from "node:net";
import { availableParallelism, totalmem } from "node:os";
import { showBytes } from "../cli/terminal.ts";
import { repositoryDir } from "../repository.ts";
import type { Finding } from "./finding.ts";

/** Free space where the repository lies: set-up takes 0.5 GB, an image build more. */
export const checkDisk = async (): Promise<Finding> => {
  const { bavail, bsize } = await statfs(repositoryDir);
  const free = bavail * bsize;
  const found = `${showBytes(free)} free`;
  if (free < 0.5e9)
    return { level: "fail", subject: "disk", found, mend: "make 0.5 GB free: set-up needs it" };
  if (free < 5e9)
    return { level: "warn", subject: "disk", found, mend: "an image build may need 5 GB" };
  return { level: "ok", subject: "disk", found };
};

/** Memory that a process may use here: the cgroup's limit, where there is one. */
export const checkMemory = async (): Promise<Finding> => {
  const limit = process.constrainedMemory();
  const isLimited = limit > 0 && limit < totalmem();
  const bytes = isLimited ? limit : totalmem();
  const found = `${showBytes(bytes)}${isLimited ? " (limit of this container)" : ""}`;
  return bytes < 1e9
    ? { level: "warn", subject: "memory", found, mend: "training and tests want 1 GB" }
    : { level: "ok", subject: "memory", found };
};

/** Processors that a process may use here: the cgroup's quota, where there is one. */
export const checkProcessors = async (): Promise<Finding> => {
  const quota = await readQuota();
  const count = availableParallelism();
  const found =
    quota === undefined || quota >= count
      ? `${count}`
      : `${quota.toFixed(1)} of ${count} (quota of this container)`;
  return { level: "ok", subject: "processors", found };
};

const readCgroup = (path: string): Promise<string> =>
  readFile(`/sys/fs/cgroup/${path}`, "utf8").catch(() => "");

/** Processors' worth of time that cgroup 2 or 1 allows; `undefined` without a limit. */
const readQuota = async (): Promise<number | undefined> => {
  const [quota, period] = (await readCgroup("cpu.max")).split(" ").map(Number);
  if (quota !== undefined && period !== undefined && quota > 0) return quota / period;
  const [older, olderPeriod] = [
    Number(await readCgroup("cpu/cpu.cfs_quota_us")),
    Number(await readCgroup("cpu/cpu.cfs_period_us")),
  ];
  return older > 0 && olderPeriod > 0 ? older / olderPeriod : undefined;
};

/** Whether `byoc serve` can listen where it does without an option. */
export const checkPort = async (port: number): Promise<Finding> => {
  const server = createServer();
  try {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return { level: "ok", subject: `port ${port}`, found: "free" };
  } catch {
    const mend = "serve on another one: ./scripts/byoc serve decision-tree --port 0";
    return { level: "warn", subject: `port ${port}`, found: "taken by another program", mend };
  } finally {
    server.close();
  }
};
