import { readdirSync } from "node:fs";
import { join } from "node:path";
import { findNumber, readTextFile } from "./cgroups.ts";

const BYTES_PER_KB = 1024;

/**
 * The resident memory of this process and its descendants in bytes, pages that they share counted for each of them;
 * this process alone where there is no /proc.
 *
 * @param root The folder that stands for `/`.
 */
export const readProcessTreeBytes = (root: string): number => {
  const own = findNumber(readTextFile(join(root, "proc/self/status")), "Pid", ":");
  if (own === undefined) return process.memoryUsage.rss();

  const parents = new Map<number, number>();
  const residentBytes = new Map<number, number>();
  for (const name of readdirSync(join(root, "proc"))) {
    if (!/^\d+$/.test(name)) continue;
    const status = readTextFile(join(root, "proc", name, "status"));
    parents.set(Number(name), findNumber(status, "PPid", ":") ?? 0);
    residentBytes.set(Number(name), (findNumber(status, "VmRSS", ":") ?? 0) * BYTES_PER_KB);
  }
  /** Processes come and go while they are read: a chain of parents may lead nowhere, or in a circle. */
  const isOwn = (pid: number): boolean => {
    let ancestor = pid;
    for (let steps = 0; ancestor > 0 && steps <= parents.size; steps++) {
      if (ancestor === own) return true;
      ancestor = parents.get(ancestor) ?? 0;
    }
    return false;
  };
  return [...residentBytes].reduce((sum, [pid, bytes]) => (isOwn(pid) ? sum + bytes : sum), 0);
};
