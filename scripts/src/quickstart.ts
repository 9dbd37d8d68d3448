/** `./scripts/quickstart`: trains a decision tree on iris, serves it, asks it, and stops. */
import { runQuickstart } from "./quickstart/run-quickstart.ts";

process.exitCode = await runQuickstart("decision-tree");
