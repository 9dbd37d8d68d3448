import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { CONTENDERS, type Contender } from "./contenders.ts";
import type { PreparedContender } from "./prepare.ts";
import { listAlive, listTree } from "./process-tree.ts";
import { startContender } from "./running.ts";

const ceiling = CONTENDERS.find(({ id }) => id === "node-http") as Contender;

const prepare = (contender: Contender): PreparedContender => ({
  contender,
  entry: "",
  binDir: "",
  environment: {},
  versions: undefined,
  bodyFile: () => "",
});

const isLinux = process.platform === "linux";

test.skipIf(!isLinux)(
  "a contender answers when it is started, and leaves nothing behind",
  async () => {
    const running = await startContender(prepare(ceiling), undefined);
    const tree = listTree(running.pid);
    expect(tree).toHaveLength(3);
    expect((await fetch(`${running.url}/invocations`, { method: "POST", body: "1" })).status).toBe(
      200,
    );
    await running.stop();
    expect(listAlive(tree)).toEqual([]);
  },
);

test.skipIf(!isLinux)(
  "a contender that ends before it answers is an error with its log",
  async () => {
    const broken: Contender = {
      ...ceiling,
      command: () => [
        process.execPath,
        "--eval",
        'console.error("no such model"); process.exit(3)',
      ],
    };
    await expect(startContender(prepare(broken), undefined)).rejects.toThrow(
      /^node-http ended before it answered:\nno such model/,
    );
  },
);

// A benchmark that has started a contender and is then interrupted.
const PROGRAM = `
const [here] = process.argv.slice(1);
const { startContender, endEverythingAtExit } = await import(here + "/running.ts");
const { CONTENDERS } = await import(here + "/contenders.ts");
const contender = CONTENDERS.find(({ id }) => id === "node-http");
endEverythingAtExit();
const { pid } = await startContender({ contender, entry: "", binDir: "", environment: {} });
process.stdout.write(String(pid));
setInterval(() => {}, 1000);`;

test.skipIf(!isLinux)("Ctrl-C ends everything that was started", async () => {
  const args = ["--input-type=module", "--eval", PROGRAM, import.meta.dirname];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const [pid] = (await once(child.stdout, "data")) as [Buffer];
  const tree = listTree(Number(pid));
  expect(tree).toHaveLength(3);
  child.kill("SIGINT");
  expect(await once(child, "exit")).toEqual([130, null]);
  await expect.poll(() => listAlive(tree)).toEqual([]);
});
