const RUNS = /\d+|\D+/gu;

/**
 * Compares two host names in natural order: runs of digits as numbers, then text, so `algo-2` comes before `algo-10`.
 *
 * SageMaker lists hosts in the order of their characters; ranks need one that people expect and every host agrees on.
 *
 * @returns a negative number, 0 or a positive number, as `Array.prototype.sort` wants it
 */
export const compareNaturally = (left: string, right: string): number => {
  const leftRuns = left.match(RUNS) ?? [];
  const rightRuns = right.match(RUNS) ?? [];
  for (let i = 0; i < Math.min(leftRuns.length, rightRuns.length); i++) {
    const order = compareRuns(leftRuns[i] ?? "", rightRuns[i] ?? "");
    if (order !== 0) return order;
  }
  // `algo-01` and `algo-1` are equal as numbers; the text decides, so that the order is total.
  return leftRuns.length - rightRuns.length || compareText(left, right);
};

const compareRuns = (left: string, right: string): number => {
  if (!isDigits(left) || !isDigits(right)) return compareText(left, right);
  const difference = BigInt(left) - BigInt(right);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
};

const isDigits = (run: string): boolean => /^\d/u.test(run);

const compareText = (left: string, right: string): number =>
  left < right ? -1 : left > right ? 1 : 0;
