import { runTool } from "./run-tool.ts";

/** A network bridge of our own, so that another engine on this machine keeps its addresses. */
export interface Bridge {
  readonly name: string;
  /** Removes it, and the firewall rules that the engine made for it. */
  readonly remove: () => Promise<void>;
}

/** Makes a bridge that is named and numbered for this process. */
export const createBridge = async (): Promise<Bridge> => {
  const name = `byoc${process.pid}`;
  const network = `10.231.${process.pid % 256}`;
  await runTool("ip", "link", "add", "name", name, "type", "bridge");
  await runTool("ip", "address", "add", `${network}.1/24`, "dev", name);
  await runTool("ip", "link", "set", name, "up");
  return {
    name,
    remove: async () => {
      await removeRules([name, `${network}.`]);
      await runTool("ip", "link", "delete", name);
    },
  };
};

const removeRules = async (words: readonly string[]): Promise<void> => {
  for (const table of ["filter", "nat"]) {
    const rules = (await runTool("iptables-save", "-t", table)).split("\n");
    for (const rule of rules) {
      if (!rule.startsWith("-A ") || !words.some((word) => rule.includes(word))) continue;
      await runTool("iptables", "-t", table, "-D", ...rule.slice("-A ".length).split(" "));
    }
  }
};
