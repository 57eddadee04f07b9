/** Fewer trials say nothing of correlations. */
export const FEWEST_FOR_CORRELATION = 16;

/**
 * How many independent tests so many correlated ones are worth: n^2 over the sum of all squared correlations, which is the squared sum
 * over the sum of squares of the eigenvalues of their matrix. n for independent ones, 1 for n copies.
 *
 * `rows[i][t]` is trial t of test i, NaN where it failed; all rows are equally long. Rows that do not vary are no tests. A sample
 * correlation of independent rows has the square 1/(K-1) on average, which is taken off. null for too few trials.
 */
export function independentTests(
  rows: readonly Float64Array[],
): { readonly tests: number; readonly independent: number } | null {
  const trials = rows[0]?.length ?? 0;
  if (trials < FEWEST_FOR_CORRELATION) return null;
  const varying = rows.flatMap((row) => standardised(row) ?? []);
  const tests = varying.length;
  if (tests === 0) return { tests, independent: 0 };
  // The sum of squares of Z Z' is that of Z'Z, which has one line for each trial: less work for many cells.
  let all = 0;
  for (let s = 0; s < trials; s++)
    for (let t = 0; t <= s; t++) {
      let sum = 0;
      for (const row of varying) sum += row[s]! * row[t]!;
      all += (s === t ? 1 : 2) * sum * sum;
    }
  const pairs = tests * (tests - 1);
  const unbiased = ((trials - 1) * (all - tests) - pairs) / (trials - 2);
  return { tests, independent: Math.min(tests, Math.max(1, tests ** 2 / (tests + unbiased))) };
}

/** Mean 0 and sum of squares 1; a failed trial says nothing, 0. null where nothing varies. */
function standardised(row: Float64Array): Float64Array | null {
  const known = row.filter((value) => !Number.isNaN(value));
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const away = row.map((value) => (Number.isNaN(value) ? 0 : value - mean));
  const size = Math.hypot(...away);
  return size > 1e-12 * Math.abs(mean) ? away.map((value) => value / size) : null;
}
