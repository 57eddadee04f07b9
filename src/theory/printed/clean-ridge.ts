import { degreesOfFreedom, kappa } from '../fixed-point.ts';

export interface RidgeProblem {
  /** Eigenvalues of Sigma, length d. */
  readonly spectrum: readonly number[];
  readonly rows: number;
  readonly ridge: number;
}

/** Bias of ridge regression on clean labels, as printed (arXiv:2402.07712v2, Prop 4.5). `signal` is E[c_j^2]. */
export function cleanBias({ spectrum, rows, ridge }: RidgeProblem, signal: readonly number[]): number {
  const root = kappa(spectrum, rows, ridge);
  const missed = spectrum.reduce((sum, s, j) => sum + s * signal[j]! * (root / (s + root)) ** 2, 0);
  return missed / (1 - degreesOfFreedom(spectrum, root, 2) / rows);
}

/** Variance of ridge regression for label noise of standard deviation `noise`, as printed (ibid., Prop 4.5). */
export function cleanVariance({ spectrum, rows, ridge }: RidgeProblem, noise: number): number {
  const share = degreesOfFreedom(spectrum, kappa(spectrum, rows, ridge), 2) / rows;
  return (noise ** 2 * share) / (1 - share);
}
