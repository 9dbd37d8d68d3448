import { expect, test } from "vitest";
import { showCounts } from "./part.ts";
import { countTests, type TestReport } from "./test-results.ts";

const report: TestReport = {
  numPassedTests: 5,
  numFailedTests: 1,
  numPendingTests: 2,
  numTodoTests: 1,
  testResults: [{ status: "passed", assertionResults: [{}] }],
};

test("tests are added up over the workspaces, in the words that machines read", () => {
  const counts = countTests([
    { name: "a", report },
    { name: "b", report },
  ]);
  expect(showCounts(counts)).toBe("10 passed, 2 failed, 6 skipped");
});

test("a workspace without results, and a file that could not be loaded, are failures", () => {
  const broken = { ...report, testResults: [{ status: "failed", assertionResults: [] }] };
  expect(countTests([{ name: "a", report: undefined }]).failed).toBe(1);
  expect(countTests([{ name: "b", report: broken }]).failed).toBe(2);
});
