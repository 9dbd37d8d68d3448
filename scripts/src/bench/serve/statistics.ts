/** The smallest value that at least this share of the values does not exceed; NaN of none. */
export const quantile = (values: Float64Array | readonly number[], share: number): number => {
  const sorted = Float64Array.from(values).toSorted();
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
};
