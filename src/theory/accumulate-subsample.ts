import { nextTerm } from './expansion.ts';
import type { Prediction } from './prediction.ts';
import { resampledError } from './resampled-rounds.ts';
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
  /** Whether all rounds have the same inputs. */
  readonly design: 'fresh' | 'reused';
  /** n, at least 1. */
  readonly fits: number;
}

const SOURCE = 'arXiv:2410.16713v1, accumulate-subsample, exact in d/T (docs/theory.md)';

/** Of so many trials one may draw a fit whose error has no mean before the mean is called infinite. */
const TRIALS = 1e6;

/**
 * Mean of `||w - w0||_Sigma^2` without ridge: the limit of many rows at d/T, taken at (d+1)/T, which for one fit makes
 * it exact. null with a ridge, for fewer rows than dimensions, and where the limit says nothing of so few rows.
 */
export function subsampleTestError(problem: SubsampleProblem): Prediction | null {
  const { dimension: d, rows, noise, ridge, design, fits } = problem;
  if (ridge > 0 || rows < d - 1) return null;
  const infinite = noise > 0 ? infiniteMean(problem) : null;
  if (infinite !== null) return { kind: 'no-mean', reason: infinite };
  if (rows <= d + 1) return null;
  const one = leastSquaresError(d, rows, noise);
  if (fits === 1) return { kind: 'value', value: one, allowance: 0, source: 'arXiv:2404.01413v2, one fit, exact' };
  const limit = (dimension: number) => resampledError({ ratio: dimension / rows, design, fits });
  const [first, second] = [limit(d), limit(d + 1)];
  if (first === null || second === null) return null;
  const units = (second * d) / (d + 1);
  const found = Math.abs(units / first - 1);
  const allowance = nextTerm(found) + unfound(problem);
  if (!(units >= 0 && allowance < Number.POSITIVE_INFINITY)) return null;
  const value = noise ** 2 * units;
  return { kind: 'value', value, allowance: value * allowance, leading: one * subsampledSeries(fits), source: SOURCE };
}

/**
 * What of order 1/T does not come in as d + 1, relative to the error: the choice is of exactly T rows, not of each by itself, and differs
 * in no more than the one part in 1 - 1/n that is not the fit's own. A fit on distinct rows has T - d - 1 to spare, one on copies fewer.
 */
function unfound({ dimension, rows, design, fits }: SubsampleProblem): number {
  const distinct = design === 'fresh' ? rows : rows * (1 - (1 - 1 / fits) ** fits);
  return distinct > dimension + 1 ? (1 - 1 / fits) / (distinct - dimension - 1) : Number.POSITIVE_INFINITY;
}

/** Why the mean is infinite; null where it is not, or where a run will not see that it is. */
function infiniteMean({ dimension, rows, design, fits }: SubsampleProblem): string | null {
  const fit = `noisy rows in dimension ${dimension} without ridge: the mean error is infinite`;
  if (rows <= dimension + 1) return `one of the models fits ${rows} ${fit}`;
  if (design === 'fresh') return null;
  const chance = chanceOfFewRows(dimension + 1, rows, fits);
  if (chance < 1 / TRIALS) return null;
  return `reused inputs are chosen with copies, so that one of the models may fit only ${dimension + 1} different ${fit}`;
}

/** Bound on the chance that the T rows that fit n chooses of n copies of T are copies of `few`. */
function chanceOfFewRows(few: number, rows: number, fits: number): number {
  if (few * fits < rows) return 0;
  let log = 0;
  for (let i = 0; i < rows - few; i++) log += Math.log((rows - i) / (i + 1));
  for (let i = 0; i < rows; i++) log += Math.log((few * fits - i) / (rows * fits - i));
  return Math.min(1, Math.exp(log));
}

/**
 * To leading order in d/T, in units of one fit. sum_{i<=n} 1/i^2, what accumulation without the choice costs, and what the choice adds,
 * 1 - 1/n + sum_{i<n} (1 - 1/i)/(i + 1)^2: in the limit pi^2/2 - 2 together.
 */
export function subsampledSeries(fits: number): number {
  let sum = 1 - 1 / fits;
  for (let i = 1; i <= fits; i++) sum += 1 / i ** 2;
  for (let i = 1; i < fits; i++) sum += (1 - 1 / i) / (i + 1) ** 2;
  return sum;
}
