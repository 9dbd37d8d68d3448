import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { listWorkspaces } from "../repository.ts";
import { addCounts, type Counts } from "./part.ts";

/** The part of vitest's JSON report that is counted. */
export interface TestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly unknown[];
  }[];
}

/** A workspace that has tests, and their report; without one they did not run to the end. */
export interface WorkspaceResults {
  readonly name: string;
  readonly report: TestReport | undefined;
}

const RESULTS = ".test-results.json";

/** Removes the reports of an earlier run. */
export const removeTestResults = async (): Promise<void> => {
  for (const dir of await listWorkspaces()) await rm(join(dir, RESULTS), { force: true });
};

/** The reports of every workspace that has a test script. */
export const findTestResults = async (): Promise<WorkspaceResults[]> => {
  const found: WorkspaceResults[] = [];
  for (const dir of await listWorkspaces()) {
    const manifest = (await readJson(join(dir, "package.json"))) as Manifest;
    if (manifest.scripts?.["test"] === undefined) continue;
    const report = (await readJson(join(dir, RESULTS)).catch(() => undefined)) as
      | TestReport
      | undefined;
    found.push({ name: manifest.name, report });
  }
  return found;
};

/** Counts tests; a workspace without a report, and a test file that could not be loaded, count as one failure each. */
export const countTests = (results: readonly WorkspaceResults[]): Counts =>
  addCounts(
    results.map(({ report }) => {
      if (report === undefined) return { passed: 0, failed: 1, skipped: 0 };
      const broken = report.testResults.filter(
        ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
      );
      return {
        passed: report.numPassedTests,
        failed: report.numFailedTests + broken.length,
        skipped: report.numPendingTests + report.numTodoTests,
      };
    }),
  );

interface Manifest {
  readonly name: string;
  readonly scripts?: Readonly<Record<string, string>>;
}

const readJson = async (path: string): Promise<unknown> => JSON.parse(await readFile(path, "utf8"));
