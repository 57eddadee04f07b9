import { type ChainFit, chainPrediction } from './chain.ts';
import type { Prediction } from './prediction.ts';

/** Each generation is trained only on labels of the one before, but on more of them: generator m on m T0 fresh rows. */
export interface GrowingProblem {
  /** Eigenvalues of Sigma, all positive, length d. */
  readonly spectrum: readonly number[];
  /** E[c_j^2] of the coordinates of w0 in the eigenbasis of Sigma, length d. */
  readonly signal: readonly number[];
  /** T0, and the standard deviation of the label noise of every generator; null if there is none. */
  readonly generator: { readonly rows: number; readonly noise: number } | null;
  /** n; 0 means clean labels. */
  readonly generations: number;
  /** The fit that is tested, on T rows whatever n is. */
  readonly downstream: { readonly rows: number; readonly noise: number; readonly ridge: number };
}

/**
 * Mean of `||w - w0||_Sigma^2`; without ridge and for T, T0 >= d + 2 exactly
 * sigma^2 d/(T-d-1) + sum_{m=1..n} sigma0^2 d/(m T0-d-1) (arXiv:2402.07712v2, Thm 4.1 and what follows it), so that n
 * generations cost about log n.
 */
export function growingTestError(problem: GrowingProblem): Prediction {
  const { spectrum, signal, downstream } = problem;
  const { rows, noise, ridge } = downstream;
  const fits: readonly ChainFit[] = [{ rows, ridge, variance: noise ** 2 }, ...generatorsOf(problem)];
  const keepsTruth = fits.every((fit) => fit.rows >= spectrum.length);
  return chainPrediction({ spectrum, signal, fits }, (exact) => `arXiv:2402.07712v2, ${theorem(exact, keepsTruth)}`);
}

/** The generators, the last first. */
function generatorsOf({ generator, generations }: GrowingProblem): readonly ChainFit[] {
  if (generator === null) return [];
  const { rows, noise } = generator;
  return Array.from({ length: generations }, (_, i) => ({
    rows: (generations - i) * rows,
    ridge: 0,
    variance: noise ** 2,
  }));
}

function theorem(exact: boolean, keepsTruth: boolean): string {
  if (!exact) return 'Thm 4.3 for growing data';
  return keepsTruth ? 'Thm 4.1 for growing data, exact' : 'Thm 4.9 for growing data, exact by rotation invariance';
}
