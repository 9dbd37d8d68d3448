import { inspect } from "node:util";
import { log } from "@byoc/metrics";

/** The parent alone decides when to stop, and without it there is nothing to answer. */
export const endWithParent = (): void => {
  const ignore = (): void => {};
  process.on("SIGTERM", ignore).on("SIGINT", ignore);
  process.on("disconnect", () => process.exit(0));
  process.on("uncaughtException", (error) => {
    log.error(inspect(error));
    process.exit(1);
  });
};
