import { readFile } from "node:fs/promises";
import { CommandError } from "../cli/command-error.ts";
import { bold, dim, remark, say, showDuration } from "../cli/terminal.ts";
import { type Container, loadContainer } from "../container.ts";
import { guessContentType } from "../content-type.ts";
import { showPath } from "../repository.ts";
import { describeResult } from "../report-training.ts";
import { describeFailure, sendInvocation } from "../send-request.ts";
import { startServing } from "../serve-locally.ts";
import { trainLocally } from "../train-locally.ts";
import { showAnswers } from "./show-answers.ts";

/**
 * Trains a container on its own data, serves the model on a free port, sends the sample payload, and shuts down.
 *
 * @returns 0, or 1 when something failed; it has said what, and nothing is left running.
 */
export const runQuickstart = async (name: string): Promise<number> => {
  const started = performance.now();
  try {
    const container = await loadContainer(name);
    await train(container);
    await serveAndAsk(container);
    say(`\n${bold(`Done in ${showDuration(performance.now() - started)}.`)} Try next:`);
    say(`  ./scripts/byoc train ${name} --hyperparameter max_depth=2`);
    say(`  ./scripts/byoc serve ${name}`);
    say(`  ./scripts/byoc doctor`);
    return 0;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    remark(`\nquickstart: ${error.message}`);
    return 1;
  }
};

const train = async (container: Container): Promise<void> => {
  const data = Object.values(container.channels).map((path) => showPath(path));
  say(bold(`Training ${container.name} on ${data.join(", ")}, as SageMaker would`));
  const result = await trainLocally({ container, onLine: (line) => say(dim(`  ${line}`)) });
  if (result.isStopped) throw new CommandError("stopped");
  if (result.exitCode !== 0) {
    const cause = result.failure === undefined ? "" : `: ${result.failure.trim()}`;
    throw new CommandError(`training failed with exit code ${result.exitCode}${cause}`);
  }
  say();
  for (const line of await describeResult(result)) say(line);
};

const serveAndAsk = async (container: Container): Promise<void> => {
  const { payload } = container;
  if (payload === undefined) return;
  const { running, ready } = await startServing({ container });
  const interrupt = (): void => running.stop();
  for (const signal of SIGNALS) process.on(signal, interrupt);
  try {
    const { url } = await ready;
    say(bold(`\nServing on ${url}; its answers to ${showPath(payload)}`));
    const contentType = guessContentType(payload) ?? "text/csv";
    const body = await readFile(payload);
    const answer = await sendInvocation({ url, body, contentType, accept: "*/*" });
    if (answer.status !== 200) throw new CommandError(describeFailure(answer));
    say(showAnswers(body.toString(), answer.body.toString()));
  } finally {
    running.stop();
    await endWithin(running.ended, STOP_TIMEOUT_MS, running.kill);
    for (const signal of SIGNALS) process.off(signal, interrupt);
  }
};

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** SageMaker gives a server 30 seconds to end; this one has nothing left to answer. */
const STOP_TIMEOUT_MS = 10_000;

const endWithin = async (ended: Promise<number>, ms: number, kill: () => void): Promise<void> => {
  const timer = setTimeout(kill, ms);
  await ended;
  clearTimeout(timer);
};
