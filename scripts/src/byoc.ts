/** The command line: `./scripts/byoc --help`. */
import { runCommandLine } from "./cli/program.ts";
import { endWithReader } from "./cli/terminal.ts";

endWithReader();
process.exitCode = await runCommandLine(process.argv.slice(2));
