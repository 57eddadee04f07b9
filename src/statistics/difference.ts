import { momentsOf, standardError } from './moments.ts';
import { studentTCdf, studentTQuantile } from './student-t.ts';

/** A difference of two means, its standard error, and the degrees of freedom of Student's law that their ratio has. */
export interface Difference {
  readonly value: number;
  readonly error: number;
  readonly freedom: number;
}

/** Of trials that go in pairs: the mean of their differences. Its error is right however the two of a pair depend on each other. */
export function pairedOf(a: ArrayLike<number>, b: ArrayLike<number>): Difference {
  const moments = momentsOf(Float64Array.from(a, (value, trial) => value - b[trial]!));
  return { value: moments.mean, error: standardError(moments), freedom: moments.count - 1 };
}

interface Mean {
  readonly mean: number;
  readonly sem: number;
  readonly trials: number;
}

/** Of independent samples with variances of their own, by their means and standard errors (Welch, Biometrika 34, 1947). */
export function welchOf(a: Mean, b: Mean): Difference {
  const [va, vb] = [a.sem ** 2, b.sem ** 2];
  const freedom = (va + vb) ** 2 / (va ** 2 / (a.trials - 1) + vb ** 2 / (b.trials - 1));
  return { value: a.mean - b.mean, error: Math.sqrt(va + vb), freedom };
}

/** Probability of a difference at least as large if there is none; NaN where the error is 0 or unknown. */
export function probabilityOf({ value, error, freedom }: Difference): number {
  return error > 0 && freedom > 0 ? 2 * studentTCdf(-Math.abs(value) / error, freedom) : Number.NaN;
}

/** Half the width of the two-sided 95 % interval; NaN where there is no error. */
export function halfWidthOf({ error, freedom }: Difference): number {
  return Number.isFinite(error) && freedom > 0
    ? studentTQuantile(0.975, freedom) * error
    : error === 0
      ? 0
      : Number.NaN;
}
