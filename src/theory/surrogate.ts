import { type Chain, chainPrediction } from './chain.ts';
import { leadingMoments } from './leading-moments.ts';
import type { Prediction } from './prediction.ts';

/**
 * A ridge fit to labels of a surrogate, which is w0 with every coordinate times a factor (arXiv:2410.18837): each coordinate adds
 * c_j^2 (f_j^2 kept_j - 2 f_j s_j mean_j + s_j) to the mean error, with the moments of `fit-moments.ts` tested on Sigma.
 */
export interface SurrogateProblem {
  /** Eigenvalues of Sigma, all positive, length d. */
  readonly spectrum: readonly number[];
  /** E[c_j^2] of the coordinates of w0. */
  readonly signal: readonly number[];
  readonly rows: number;
  /** Standard deviation of the label noise. */
  readonly noise: number;
  readonly ridge: number;
}

/** Mean of `||w - w0||_Sigma^2`. */
export function surrogateTestError(problem: SurrogateProblem, factors: readonly number[]): Prediction {
  const { spectrum, signal, rows, noise, ridge } = problem;
  const chain: Chain = { spectrum, signal, factors, fits: [{ rows, ridge, variance: noise ** 2 }] };
  return chainPrediction(chain, (exact) => `arXiv:2410.18837v1, labels of a surrogate${exact ? ', exact' : ''}`);
}

/**
 * The factors at which the mean error is least to leading order, s_j mean_j/kept_j = x_j/(x_j^2 + u_j^2 theta); or, of the factors 0 and 1, those:
 * 1 where kept_j < 2 s_j mean_j. Neither depends on w0 nor on the noise.
 */
export function bestFactors({ spectrum, rows, ridge }: SurrogateProblem, only: 'any' | 'mask'): readonly number[] {
  const moments = leadingMoments(spectrum, rows, ridge);
  const kept = moments.kept(spectrum);
  const best = spectrum.map((s, j) => (s * moments.mean[j]!) / kept[j]!);
  return only === 'any' ? best : best.map((f) => (f > 1 / 2 ? 1 : 0));
}
