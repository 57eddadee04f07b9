import type { Prediction } from './prediction.ts';
import { leastSquaresError } from './ridgeless.ts';

/**
 * J. Kazdan et al. (arXiv:2410.16713), accumulate-subsample: round i adds T rows labelled by the model before it, the first T by the
 * truth; every fit sees a random choice of T of all rows so far.
 */
export interface SubsampleProblem {
  readonly dimension: number;
  /** T, the rows of each round and of each choice. */
  readonly rows: number;
  /** Standard deviation of the label noise. */
  readonly noise: number;
  readonly ridge: number;
  /** n, at least 1. */
  readonly fits: number;
}

/**
 * Mean of `||w - w0||_Sigma^2` without ridge, to leading order in d/T, for fresh and for reused inputs. There fit n is the mean of the
 * models that label its rows and an error; two fits share a 1/max(n, m) of their rows' errors. In units of the error of
 * one fit, for which sigma^2 d/(T-d-1) is taken, so that n = 1 is exact; null with a ridge or with d or fewer rows.
 */
export function subsampleTestError({ dimension, rows, noise, ridge, fits }: SubsampleProblem): Prediction | null {
  if (ridge > 0 || rows <= dimension + 1) return null;
  const one = leastSquaresError(dimension, rows, noise);
  if (fits === 1) return { kind: 'value', value: one, allowance: 0, source: 'arXiv:2404.01413v2, one fit, exact' };
  const value = one * subsampledSeries(fits);
  // The next order in d/T, as far as it changes one fit: 1/(1 - t) for t = (d + 1)/T.
  const t = (dimension + 1) / rows;
  return {
    kind: 'value',
    value,
    allowance: (value * t) / (1 - t),
    source: 'arXiv:2410.16713v1, accumulate-subsample to leading order in d/T (docs/theory.md)',
  };
}

/**
 * sum_{i<=n} 1/i^2, what accumulation without the choice costs, and what the choice adds,
 * 1 - 1/n + sum_{i<n} (1 - 1/i)/(i + 1)^2: in the limit pi^2/2 - 2 together.
 */
export function subsampledSeries(fits: number): number {
  let sum = 1 - 1 / fits;
  for (let i = 1; i <= fits; i++) sum += 1 / i ** 2;
  for (let i = 1; i < fits; i++) sum += (1 - 1 / i) / (i + 1) ** 2;
  return sum;
}
