import { stat } from "node:fs/promises";
import { join } from "node:path";
import { repositoryDir, showPath } from "../repository.ts";
import type { Finding } from "./finding.ts";
import { runTool } from "./run-tool.ts";

const GET_NODE = "https://nodejs.org/en/download (or: nvm install 24; brew install node)";

/** The Node.js that runs our code: 24 or newer, since it runs TypeScript as it is. */
export const checkRunningNode = async (): Promise<Finding> => {
  const found = `${process.version} (${showPath(process.execPath)})`;
  return majorOf(process.version) >= 24
    ? { level: "ok", subject: "Node.js in use", found }
    : {
        level: "fail",
        subject: "Node.js in use",
        found,
        mend: "run through ./scripts/byoc, or use Node.js 24",
      };
};

/** The machine's own Node.js, which only sets up. */
export const checkMachineNode = async (): Promise<Finding> => {
  const subject = "Node.js on PATH";
  const { stdout, ...rest } = await runTool("node", ["--version"]);
  if ("problem" in rest) {
    return {
      level: "warn",
      subject,
      found: "none",
      mend: `only set-up needs it; get it from ${GET_NODE}`,
    };
  }
  return majorOf(stdout) >= 20
    ? { level: "ok", subject, found: `${stdout}, new enough to set up (20)` }
    : {
        level: "warn",
        subject,
        found: `${stdout}, too old to set up (20)`,
        mend: `get a newer one from ${GET_NODE}`,
      };
};

/** npm, which only sets up. */
export const checkNpm = async (): Promise<Finding> => {
  const { stdout, ...rest } = await runTool("npm", ["--version"]);
  return "problem" in rest
    ? {
        level: "warn",
        subject: "npm",
        found: "none that runs",
        mend: "only set-up needs it; it comes with Node.js",
      }
    : { level: "ok", subject: "npm", found: stdout };
};

/** Whether the packages are installed, as the stamp of set-up says. */
export const checkSetup = async (): Promise<Finding> => {
  const subject = "set-up";
  const stamp = await stat(join(repositoryDir, "node_modules/.byoc-setup")).catch(() => undefined);
  return stamp === undefined
    ? { level: "fail", subject, found: "not done", mend: "run any command through ./scripts/byoc" }
    : {
        level: "ok",
        subject,
        found: `done ${stamp.mtime.toISOString().slice(0, 16).replace("T", " ")} UTC`,
      };
};

const majorOf = (version: string): number => Number(/^v?(\d+)/.exec(version)?.[1] ?? 0);
