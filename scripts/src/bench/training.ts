/**
 * `npm run bench`: what a container costs beside its algorithm: whole processes on iris, from start to end.
 *
 * Time is the median of alternating runs. Memory is each process's own peak of resident memory, added up over the
 * processes, which counts pages that they share (such as Node's code) once for each.
 */
import { createServer, type AddressInfo } from "node:net";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { createTree } from "@byoc/opt-ml/testing";
import { say, showBytes } from "../cli/terminal.ts";
import { loadContainer } from "../container.ts";
import { repositoryDir } from "../repository.ts";
import { measureMegabytes, measureMs, median, type Measured } from "./measure.ts";

const RUNS = 15;
const MEMORY_RUNS = 5;

const server = createServer().listen(0, "127.0.0.1");
await once(server, "listening");
const { port } = server.address() as AddressInfo;
server.close();

const { entry, channels, hyperparameters } = await loadContainer("decision-tree");
const tree = await createTree({ channels, hyperparameters });
const cache = { NODE_COMPILE_CACHE: join(repositoryDir, "node_modules/.cache/node-compile") };
// What the supervising process gives to the one that computes; here the benchmark holds the other end.
const unsupervised = { BYOC_SUPERVISOR_FD: "3" };
const train: Measured = {
  name: "train",
  args: [entry, "train"],
  env: { ...tree.environment, ...cache },
};
const programs: readonly Measured[] = [
  train,
  {
    ...train,
    name: "train, unsupervised",
    env: { ...train.env, ...unsupervised },
    hasLink: true,
  },
  { ...train, name: "train, no compile cache", env: { ...train.env, NODE_COMPILE_CACHE: "" } },
  {
    name: "serve, to the first 200 of /ping",
    args: [entry, "serve"],
    env: { ...train.env, SAGEMAKER_BIND_TO_PORT: String(port), BYOC_HOST: "127.0.0.1" },
    url: `http://127.0.0.1:${port}/ping`,
  },
  { name: "node alone (an empty program)", args: ["--eval", ""], env: cache },
];

const times = programs.map((): number[] => []);
const peaks = programs.map((): number[] => []);
// The first round fills the caches and leaves a model to serve.
for (const program of programs) await measureMs(program);
for (let run = 0; run < RUNS; run += 1) {
  for (const [index, program] of programs.entries()) times[index]?.push(await measureMs(program));
}
for (let run = 0; run < MEMORY_RUNS; run += 1) {
  for (const [index, program] of programs.entries())
    peaks[index]?.push(await measureMegabytes(program));
}
await tree.close();

const [cpu] = cpus();
say(`Node.js ${process.version}, ${cpus().length} × ${cpu?.model}, ${showBytes(totalmem())}`);
say(`decision-tree on iris, whole processes; medians of ${RUNS} runs (memory: ${MEMORY_RUNS})\n`);
const width = Math.max(...programs.map(({ name }) => name.length));
say(`${"".padEnd(width)}  time, ms (min–max)     ×    memory, MB    ×`);
const [baseMs, baseMegabytes] = [median(times[0] ?? []), median(peaks[0] ?? [])];
for (const [index, { name }] of programs.entries()) {
  const all = times[index] ?? [];
  const [ms, megabytes] = [median(all), median(peaks[index] ?? [])];
  const range = `(${Math.min(...all).toFixed(0)}–${Math.max(...all).toFixed(0)})`;
  const time = `${ms.toFixed(0).padStart(8)} ${range.padEnd(10)}${(ms / baseMs).toFixed(2).padStart(6)}`;
  const memory = `${megabytes.toFixed(0).padStart(10)}${(megabytes / baseMegabytes).toFixed(2).padStart(9)}`;
  say(`${name.padEnd(width)}  ${time}  ${memory}`);
}
