import type { Prediction } from './prediction.ts';
import { leastSquaresError } from './ridgeless.ts';
import { isIsotropic, productTrace } from './spectrum.ts';

/**
 * M. Gerstgrasser et al. (arXiv:2404.01413): fit i = 1 .. n is made on the labels of all models before it, the first
 * of which is the truth, T rows each; or on those of the last alone. The inputs are the same in every round, or fresh.
 */
export interface AccumulateProblem {
  /** Eigenvalues of Sigma, all positive, length d. */
  readonly spectrum: readonly number[];
  /** E[c_j^2] of the coordinates of w0. */
  readonly signal: readonly number[];
  /** T, the rows of each round. */
  readonly rows: number;
  /** Standard deviation of the label noise in every round. */
  readonly noise: number;
  readonly ridge: number;
  readonly design: 'fresh' | 'reused';
  readonly past: 'kept' | 'replaced';
  /** n, at least 1: the first fit is to labels of the truth. */
  readonly fits: number;
}

const PAPER = 'arXiv:2404.01413v2';

/**
 * Mean of `||w - w0||_Sigma^2` without ridge, exact; null with a ridge, and for T < d unless Sigma is a multiple of I.
 *
 * P_i: the Gram matrix of all rows up to round i. X_i, e_i: the design and the label errors of round i. By the normal equations
 * w_i = w_{i-1} + P_i^+ X_i' e_i, so the errors of the rounds add up, those of round i with tr Sigma P_i^+/i.
 */
export function accumulateTestError(problem: AccumulateProblem): Prediction | null {
  const { spectrum, signal, rows, noise, ridge, design, past, fits } = problem;
  const d = spectrum.length;
  if (ridge > 0 || (design === 'fresh' && past === 'replaced' && rows < d)) return null;
  if (rows < d && !isIsotropic(spectrum)) return null;
  const rounds = Array.from({ length: fits }, (_, i) => i + 1);
  const seen = (round: number) => (design === 'fresh' && past === 'kept' ? round * rows : rows);
  const square = noise > 0 ? rounds.find((round) => Math.abs(seen(round) - d) <= 1) : undefined;
  if (square !== undefined) return noMean(seen(square), d);
  const share = (round: number) => {
    if (past === 'replaced') return 1;
    return design === 'fresh' ? 1 / round : 1 / round ** 2;
  };
  const passed = (sum: number, round: number) => sum + share(round) * oneFit(d, seen(round), noise);
  const scatter = noise === 0 ? 0 : rounds.reduce(passed, 0);
  const lost = Math.max(0, 1 - rows / d) * productTrace(spectrum, signal);
  return { kind: 'value', value: scatter + lost, allowance: 0, source: `${PAPER}, ${theoremOf(problem)}, exact` };
}

function noMean(rows: number, d: number): Prediction {
  const reason = `one of the models fits ${rows} noisy rows in dimension ${d} without ridge: the mean error is infinite`;
  return { kind: 'no-mean', reason };
}

/** sigma^2 tr Sigma P^+ of a Wishart matrix P. */
function oneFit(d: number, rows: number, noise: number): number {
  return rows >= d ? leastSquaresError(d, rows, noise) : leastSquaresError(rows, d, noise);
}

function theoremOf({ spectrum, rows, design, past }: AccumulateProblem): string {
  const name = `linear models, labels ${past === 'kept' ? 'accumulated' : 'replaced'}`;
  if (rows < spectrum.length) return `${name}, by rotation invariance`;
  return design === 'fresh' ? `${name}, fresh inputs` : name;
}
