/** What is known about one cell's mean test error after some trials. */
export interface Summary {
  /** Trials that ended `ok`. */
  readonly trials: number;
  /** Trials that failed numerically and are in no statistic. */
  readonly failed: number;
  readonly mean: number;
  /** Standard error of the mean. */
  readonly sem: number;
  /** Sample standard deviation (n - 1). */
  readonly sd: number;
  readonly median: number;
  readonly q05: number;
  readonly q95: number;
}

/**
 * The summary where a theorem says that the mean is infinite: a sample mean would be a number that grows with the number
 * of trials, so it and its errors are left out (NaN, null in files) and the quantiles speak.
 */
export function withoutMean(summary: Summary): Summary {
  return { ...summary, mean: Number.NaN, sem: Number.NaN, sd: Number.NaN };
}
