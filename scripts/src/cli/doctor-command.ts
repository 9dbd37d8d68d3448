import type { Command } from "commander";
import { runChecks } from "../doctor/checks.ts";
import { say } from "./terminal.ts";

/** Adds `byoc doctor`. */
export const defineDoctor = (program: Command, setExitCode: (code: number) => void): void => {
  program
    .command("doctor")
    .description("look at this machine: what is there, what is missing, how to mend it")
    .addHelpText("after", "\nExit code 1 if something is missing that the commands need.\n")
    .action(async () => {
      const findings = await runChecks();
      const width = Math.max(...findings.map(({ subject }) => subject.length));
      for (const { level, subject, found, mend } of findings) {
        say(`${level.padEnd(4)}  ${subject.padEnd(width)}  ${found}`);
        if (mend !== undefined) say(`${" ".repeat(width + 8)}${mend}`);
      }
      setExitCode(findings.some(({ level }) => level === "fail") ? 1 : 0);
    });
};
