import { delimiter, join } from "node:path";
import { access, constants, readFile } from "node:fs/promises";
import { remark } from "../../cli/terminal.ts";
import { runTool } from "./run-tool.ts";

/** The commands that an engine of our own needs, and Debian's package of each. */
const PACKAGES: Readonly<Record<string, string>> = {
  docker: "docker.io",
  dockerd: "docker.io",
  iptables: "iptables",
  ip: "iproute2",
};

/**
 * Installs what an engine of our own needs and this machine lacks.
 *
 * @returns why there can be none, in one line; undefined when everything is there
 */
export const installEngine = async (): Promise<string | undefined> => {
  if (process.getuid?.() !== 0) return "no engine answers, and only root may start one";
  if (!(await isDebian())) return "no engine answers, and only on Debian this can install one";
  const missing = new Set<string>();
  for (const [command, name] of Object.entries(PACKAGES)) {
    if (!(await isOnPath(command))) missing.add(name);
  }
  if (missing.size === 0) return undefined;
  remark(`Installing ${[...missing].join(", ")} …`);
  try {
    await runTool("apt-get", "update", "-qq");
    await runTool("apt-get", "install", "-y", "-qq", "--no-install-recommends", ...missing);
    return undefined;
  } catch (error) {
    return `no engine answers, and none can be installed: ${(error as Error).message.trim()}`;
  }
};

const isDebian = async (): Promise<boolean> => {
  const text = await readFile("/etc/os-release", "utf8").catch(() => "");
  return /^ID(?:_LIKE)?=.*\bdebian\b/m.test(text);
};

const isOnPath = async (command: string): Promise<boolean> => {
  for (const dir of (process.env["PATH"] ?? "").split(delimiter)) {
    const isThere = await access(join(dir, command), constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return true;
  }
  return false;
};
