import { availableParallelism } from "node:os";
import { join } from "node:path";
import { repositoryDir } from "../repository.ts";
import { countOne, type Part } from "./part.ts";
import { runCommand } from "./run-command.ts";
import { countTests, findTestResults, removeTestResults } from "./test-results.ts";

/** The parts of the check, in their order. */
export const createParts = (): Part[] => [
  createPart("types", "turbo", ["run", "check-types", ...QUIET]),
  createPart("lint", "oxlint", ["--deny-warnings"]),
  createPart("format", "oxfmt", ["--check"]),
  { name: "tests", run: runTests },
  createPart("quickstart", join(repositoryDir, "scripts/quickstart"), []),
];

const QUIET = ["--output-logs=errors-only", "--continue=always", "--no-color", "--ui=stream"];

/** Half of the processors: each workspace's tests start processes of their own and watch the clock. */
const CONCURRENCY = Math.max(1, Math.floor(availableParallelism() / 2));

const createPart = (name: string, command: string, args: readonly string[]): Part => ({
  name,
  run: async () => {
    const { hasPassed, output } = await runCommand(command, args);
    return { counts: countOne(hasPassed), output };
  },
});

/** Runs the tests of every workspace; a workspace without results counts as one failure. */
const runTests: Part["run"] = async () => {
  // turbo puts back the results of tests that it need not run again.
  await removeTestResults();
  const { hasPassed, output } = await runCommand("turbo", [
    "run",
    "test",
    `--concurrency=${CONCURRENCY}`,
    ...QUIET,
  ]);
  const results = await findTestResults();
  const counts = countTests(results);
  const missing = results.filter(({ report }) => report === undefined).map(({ name }) => name);
  const hint = missing.length === 0 ? "" : `no test results from: ${missing.join(", ")}\n`;
  // A run that failed though every test passed (a hook, a process that did not end) is a failure too.
  const isOdd = !hasPassed && counts.failed === 0;
  const remark = `${counts.passed + counts.failed + counts.skipped} tests in ${results.length} workspaces`;
  return { counts: isOdd ? { ...counts, failed: 1 } : counts, output: output + hint, remark };
};
