import { expect, test } from "vitest";
import { findViolations, formatReport } from "./report.ts";
import { runSoak } from "./run-soak.ts";

const SECONDS = 40;

test.skipIf(process.platform !== "linux").concurrent.each(["short", "long"] as const)(
  "a server of a %s model holds up while its clients and workers misbehave",
  async (cost) => {
    const report = await runSoak({ seconds: SECONDS, cost, workers: 2 });
    process.stdout.write(`\n${cost}, ${SECONDS} s\n${formatReport(report)}\n`);
    expect(findViolations(report)).toEqual([]);
  },
  (SECONDS + 80) * 1000,
);
