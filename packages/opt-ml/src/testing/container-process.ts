import { type ChildProcess, spawn } from "node:child_process";
import type { Tree } from "./tree.ts";

/** How a container's program is started. */
export interface StartOptions {
  /** `main.ts` of the container. */
  readonly main: string;
  readonly command: string;
  readonly tree: Tree;
  readonly environment?: Readonly<Record<string, string>>;
  /** User to run as; default this process's own. */
  readonly uid?: number;
}

/** How a container's program ended. */
export interface ContainerResult {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A container's program while it runs. */
export interface ContainerProcess {
  readonly process: ChildProcess;
  /** Resolves when the program ends. */
  readonly result: Promise<ContainerResult>;
  /** Resolves with the first line of stdout that matches; rejects when the program ends without one. */
  waitForLine(pattern: RegExp): Promise<RegExpExecArray>;
}

/** Starts `node main.ts train` or `serve` on a tree, from another folder than the container's, as SageMaker does. */
export const startContainer = ({
  main,
  command,
  tree,
  environment = {},
  uid,
}: StartOptions): ContainerProcess => {
  const child = spawn(process.execPath, [main, command], {
    cwd: "/",
    env: { ...process.env, ...tree.environment, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
    ...(uid === undefined ? {} : { uid }),
  });
  let stdout = "";
  let stderr = "";
  const waiting = new Set<() => void>();
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    for (const look of waiting) look();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const result = new Promise<ContainerResult>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exitCode, signal) => resolve({ exitCode, signal, stdout, stderr }));
  });
  return {
    process: child,
    result,
    waitForLine: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const match = new RegExp(pattern.source, "mu").exec(stdout);
          if (match === null) return;
          waiting.delete(look);
          resolve(match);
        };
        waiting.add(look);
        look();
        const fail = (): void => reject(new Error(`no line ${pattern} in:\n${stdout}${stderr}`));
        void result.then(fail, fail);
      }),
  };
};

/** Runs a container's program to its end. */
export const runContainer = (options: StartOptions): Promise<ContainerResult> =>
  startContainer(options).result;
