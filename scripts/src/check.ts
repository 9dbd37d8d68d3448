/** `./scripts/test`: everything that a change must pass. Last line: `N passed, N failed, N skipped`. */
import { runParts } from "./check/run-parts.ts";
import { createParts } from "./check/parts.ts";

const counts = await runParts(createParts());
process.exitCode = counts.failed > 0 ? 1 : 0;
