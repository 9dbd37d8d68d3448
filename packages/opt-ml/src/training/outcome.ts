import { rmSync } from "node:fs";
import { writeFileAtomic } from "../atomic-file.ts";
import type { Paths } from "../paths.ts";
import { cutFailure } from "./failure-text.ts";
import { discardStaging, publishModel } from "./model-folder.ts";

/** How a training has ended. */
export type Ending =
  /** The training function returned. */
  | { readonly kind: "completed" }
  /** It returned because it was asked to stop; a model may have been put together. */
  | { readonly kind: "completed-early"; readonly hasCheckpoint: boolean }
  /** It was ended, or gave up, because it was asked to stop: what it was putting together is not whole. */
  | { readonly kind: "stopped"; readonly hasCheckpoint: boolean; readonly reason: string }
  /** It failed; `reason` is for the failure file, its first 1,024 characters are shown. */
  | { readonly kind: "failed"; readonly reason: string };

/** What the process is to do last. */
export interface Outcome {
  /** 0 done, 1 failed, 143 stopped with nothing saved. */
  readonly exitCode: number;
  /** What the failure file says; undefined when there is none. */
  readonly failure: string | undefined;
}

const EXIT_STOPPED = 143;

/**
 * Leaves `/opt/ml` as SageMaker is to find it: the model whole or not at all, the failure file written last.
 *
 * @param report Called with problems that only people can mend, such as a failure file that cannot be written.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-signal-success-failure.html
 */
export const settle = (
  paths: Paths,
  ending: Ending,
  report: (problem: string) => void,
): Outcome => {
  const outcome = decide(paths, ending);
  try {
    // A local tree may hold the file of an earlier run.
    if (outcome.failure === undefined) rmSync(paths.failureFile, { force: true });
    else writeFileAtomic(paths.failureFile, outcome.failure);
  } catch (error) {
    report(`${paths.failureFile} cannot be written: ${(error as Error).message}`);
  }
  return outcome;
};

const decide = (paths: Paths, ending: Ending): Outcome => {
  try {
    switch (ending.kind) {
      case "completed":
        publishModel(paths.modelDir);
        return DONE;
      case "completed-early": {
        const names = publishModel(paths.modelDir);
        return names.length > 0 || ending.hasCheckpoint ? DONE : stopped(NOTHING_SAVED);
      }
      case "stopped":
        discardStaging(paths.modelDir);
        return ending.hasCheckpoint ? DONE : stopped(ending.reason);
      case "failed":
        discardStaging(paths.modelDir);
        return { exitCode: 1, failure: cutFailure(ending.reason) };
    }
  } catch (error) {
    const problem = `${paths.modelDir} cannot be written: ${(error as Error).message}`;
    const reason = ending.kind === "failed" ? ending.reason : `the model is not saved: ${problem}`;
    return { exitCode: 1, failure: cutFailure(reason) };
  }
};

const NOTHING_SAVED = "the job was stopped before it had saved a model or a checkpoint";

const DONE: Outcome = { exitCode: 0, failure: undefined };

const stopped = (reason: string): Outcome => ({
  exitCode: EXIT_STOPPED,
  failure: cutFailure(reason),
});
