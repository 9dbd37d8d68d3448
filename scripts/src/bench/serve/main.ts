/**
 * `npm run bench:serve`: the decision-tree container beside what others serve such a tree with, on one machine.
 *
 * Everything that runs is a child of this process, listens on 127.0.0.1 only, and is ended by its number, on Ctrl-C too.
 */
import { rmSync } from "node:fs";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CommandError } from "../../cli/command-error.ts";
import { remark, say, showDuration } from "../../cli/terminal.ts";
import { compare, FULL_LOAD, withAll } from "./compare.ts";
import { compileCacheDir, CONTENDERS } from "./contenders.ts";
import { chooseCores, type Cores } from "./cores.ts";
import { trainIris } from "./iris-model.ts";
import { type Options, readOptions } from "./options.ts";
import {
  createPayloads,
  type Payload,
  prepareContender,
  type PreparedContender,
} from "./prepare.ts";
import { profileOurs } from "./profile.ts";
import { endEverythingAtExit } from "./running.ts";
import { requireTools, type Tool } from "./tools.ts";
import { verifyLabels } from "./verify.ts";

const PROFILE_LINES = 30;

const main = async (options: Options): Promise<void> => {
  if (process.platform !== "linux") throw new CommandError("this needs Linux: /proc and taskset");
  const started = performance.now();
  const cores = chooseCores();
  const { profileRows } = options;
  const contenders = profileRows === undefined ? options.contenders : CONTENDERS.slice(0, 1);
  const isUsingNginx = contenders.some(({ needsNginx }) => needsNginx === true);
  const tools: Tool[] = ["wrk", "taskset", ...(isUsingNginx ? (["nginx"] as const) : [])];
  await requireTools(tools, options.isInstalling);

  const dir = await mkdtemp(join(tmpdir(), "byoc-bench-"));
  process.once("exit", () => rmSync(dir, { recursive: true, force: true }));
  await mkdir(compileCacheDir, { recursive: true });
  const environment = { NODE_COMPILE_CACHE: compileCacheDir };
  const model = await trainIris({ dir, environment, entry: options.entry });
  const sizes = new Set([...options.payloads, ...FULL_LOAD.map(({ rows }) => rows)]);
  const payloads = createPayloads([...sizes.add(profileRows ?? 1)], model);
  const prepared: PreparedContender[] = [];
  for (const contender of contenders) {
    const { python } = options;
    prepared.push(await prepareContender(contender, { model, payloads, dir, python }));
  }
  // Once each, so that every file is warm, and what does not start is known at once.
  await withAll(prepared, cores?.servers, async (running) => {
    for (const each of running) await verifyLabels(each, payloads);
  });
  remark("Every label of every payload is right.");

  if (profileRows !== undefined) {
    const payload = payloads.find(({ rows }) => rows === profileRows);
    await printProfile(prepared[0], payload, { seconds: options.seconds, cores, dir });
    return;
  }
  const report = await compare(prepared, payloads, { ...options, cores });
  say(report);
  if (options.output !== undefined) await writeFile(options.output, report);
  remark(`Took ${showDuration(performance.now() - started)}.`);
};

const printProfile = async (
  prepared: PreparedContender | undefined,
  payload: Payload | undefined,
  plan: { readonly seconds: number; readonly cores: Cores | undefined; readonly dir: string },
): Promise<void> => {
  if (prepared === undefined || payload === undefined) return;
  for (const { pid, busyShare, top } of await profileOurs(prepared, payload, plan)) {
    say(
      `\nProcess ${pid}: ${(busyShare * 100).toFixed(0)} % busy; of that, in the function itself:`,
    );
    for (const { name, share } of top.slice(0, PROFILE_LINES)) {
      say(`${(share * 100).toFixed(1).padStart(6)} %  ${name}`);
    }
  }
};

endEverythingAtExit();
try {
  await main(readOptions(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof CommandError)) throw error;
  remark(`bench:serve: ${error.message}`);
  process.exitCode = error.exitCode;
}
