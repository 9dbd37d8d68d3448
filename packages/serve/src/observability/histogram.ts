/** Upper bounds of latencies, in milliseconds: from what a tree takes to what an asynchronous endpoint may take. */
export const DURATION_BOUNDS_MS: readonly number[] = [
  0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000,
  600_000,
];

/** Upper bounds of the rows of one call of `predict`. */
export const ROW_BOUNDS: readonly number[] = [
  1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 4_096, 16_384, 65_536,
];

/** What was observed, as plain data. */
export interface HistogramSnapshot {
  /** How many fell between the bound before and this one (included); the last is for those above all bounds. */
  readonly counts: readonly number[];
  /** All observed values together, in the unit of the bounds. */
  readonly sum: number;
}

/** Counts values by size without keeping them. */
export interface Histogram {
  /** Takes a value of 0 or more, without allocating anything; what is less, or no number, counts as 0. */
  observe(value: number): void;
  snapshot(): HistogramSnapshot;
}

/** An empty histogram over upper bounds in rising order. */
export const createHistogram = (bounds: readonly number[]): Histogram => {
  const limits = Float64Array.from(bounds);
  const last = limits.length;
  const counts = new Float64Array(last + 1);
  /** In an array because a number that a closure keeps and changes may be allocated anew each time. */
  const sum = new Float64Array(1);

  return {
    observe(value) {
      const size = value > 0 ? value : 0;
      let bucket = 0;
      while (bucket < last && size > (limits[bucket] as number)) bucket++;
      counts[bucket] = (counts[bucket] as number) + 1;
      sum[0] = (sum[0] as number) + size;
    },
    snapshot: () => ({ counts: [...counts], sum: sum[0] as number }),
  };
};

/** The histogram of nothing. */
export const emptyHistogram = (bounds: readonly number[]): HistogramSnapshot => ({
  counts: Array.from({ length: bounds.length + 1 }, () => 0),
  sum: 0,
});

/** How many values were observed. */
export const countObservations = ({ counts }: HistogramSnapshot): number =>
  counts.reduce((total, count) => total + count, 0);

/** What two processes observed. */
export const addHistograms = (a: HistogramSnapshot, b: HistogramSnapshot): HistogramSnapshot => ({
  counts: a.counts.map((count, bucket) => count + (b.counts[bucket] ?? 0)),
  sum: a.sum + b.sum,
});

/** What was observed between two snapshots; all of the later one if the process began anew between them. */
export const subtractHistograms = (
  later: HistogramSnapshot,
  earlier: HistogramSnapshot,
): HistogramSnapshot => {
  const counts = later.counts.map((count, bucket) => count - (earlier.counts[bucket] ?? 0));
  if (counts.some((count) => count < 0)) return later;
  return { counts, sum: Math.max(0, later.sum - earlier.sum) };
};

/**
 * At most `most` values that are distributed as the observed ones: the quantiles at even distances, each interpolated
 * between the bounds around it, in rising order.
 *
 * A value above all bounds is given as the last bound.
 */
export const toRepresentativeValues = (
  histogram: HistogramSnapshot,
  { bounds, most }: { readonly bounds: readonly number[]; readonly most: number },
): readonly number[] => {
  const total = countObservations(histogram);
  const length = Math.min(total, most);
  const values: number[] = [];
  let bucket = 0;
  let below = 0;
  for (let place = 0; place < length; place++) {
    const rank = ((place + 0.5) / length) * total;
    while (below + (histogram.counts[bucket] ?? 0) < rank) below += histogram.counts[bucket++] ?? 0;
    const lower = bounds[bucket - 1] ?? 0;
    const upper = bounds[bucket] ?? lower;
    const share = (rank - below) / (histogram.counts[bucket] ?? 1);
    values.push(Number((lower + share * (upper - lower)).toPrecision(3)));
  }
  return values;
};
