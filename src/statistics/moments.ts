/** Count, mean and sum of squared deviations of some numbers, in f64. */
export interface Moments {
  readonly count: number;
  readonly mean: number;
  /** Sum of (x - mean)^2. */
  readonly m2: number;
}

/**
 * Twice through the numbers, which meets no cancellation between sum(x^2) and n mean^2 and needs no division per number as
 * Welford's recurrence does. The sum of the deviations is zero but for rounding, and corrects both (Chan, Golub and LeVeque,
 * Am. Stat. 37, 1983, eq. 1.7).
 */
export function momentsOf(values: ArrayLike<number>): Moments {
  const count = values.length;
  if (count === 0) return { count, mean: 0, m2: 0 };
  let sum = 0;
  for (let i = 0; i < count; i++) sum += values[i]!;
  const rough = sum / count;
  let rest = 0;
  let squares = 0;
  for (let i = 0; i < count; i++) {
    const deviation = values[i]! - rough;
    rest += deviation;
    squares += deviation * deviation;
  }
  return { count, mean: rough + rest / count, m2: Math.max(0, squares - (rest * rest) / count) };
}

/** The mean, NaN for the empty set. */
export function meanOf(moments: Moments): number {
  return moments.count > 0 ? moments.mean : Number.NaN;
}

/** Sample standard deviation (n - 1); NaN for fewer than two numbers. */
export function standardDeviation({ count, m2 }: Moments): number {
  return count > 1 ? Math.sqrt(m2 / (count - 1)) : Number.NaN;
}

/** Standard error of the mean of independent numbers; NaN for fewer than two. */
export function standardError(moments: Moments): number {
  return standardDeviation(moments) / Math.sqrt(moments.count);
}
