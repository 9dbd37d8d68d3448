/** `./scripts/quickstart`: trains a decision tree on iris, serves it, asks it, and stops. */
import { endWithReader } from "./cli/terminal.ts";
import { runQuickstart } from "./quickstart/run-quickstart.ts";

endWithReader();
process.exitCode = await runQuickstart("decision-tree");
