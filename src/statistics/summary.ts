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
