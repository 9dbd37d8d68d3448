/** How many checks came to which end. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** What one part of the check came to. */
export interface PartResult {
  readonly counts: Counts;
  /** What the part printed; shown when something failed. */
  readonly output: string;
  /** A few words for the line of a part, such as `212 tests in 7 workspaces`. */
  readonly remark?: string;
}

/** One part of the check. */
export interface Part {
  readonly name: string;
  readonly run: () => Promise<PartResult>;
}

/** One check that passed or failed as a whole. */
export const countOne = (hasPassed: boolean): Counts => ({
  passed: hasPassed ? 1 : 0,
  failed: hasPassed ? 0 : 1,
  skipped: 0,
});

/** The sum of several counts. */
export const addCounts = (all: readonly Counts[]): Counts => {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const { passed, failed, skipped } of all) {
    sum.passed += passed;
    sum.failed += failed;
    sum.skipped += skipped;
  }
  return sum;
};

/** The line that a check ends with; machines read it. */
export const showCounts = ({ passed, failed, skipped }: Counts): string =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`;
