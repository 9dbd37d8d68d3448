import { parseArgs } from "node:util";
import { findViolations, formatReport } from "./report.ts";
import { runSoak } from "./run-soak.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "600" },
    cost: { type: "string", default: "short" },
    workers: { type: "string", default: "2" },
  },
});

const MAX_SHOWN = 40;

const report = await runSoak({
  seconds: Number(values.seconds),
  cost: values.cost === "long" ? "long" : "short",
  workers: Number(values.workers),
});
const violations = findViolations(report);
process.stdout.write(`${formatReport(report)}\n`);
process.stdout.write(
  violations.length === 0 ? "held up\n" : `\n${violations.slice(0, MAX_SHOWN).join("\n")}\n`,
);
process.exit(violations.length === 0 ? 0 : 1);
