import { type ChainProblem, chainOf, chainPrediction } from './chain.ts';
import type { Prediction } from './prediction.ts';

/**
 * Mean of `||w - w0||_Sigma^2` where generator m has m T0 rows; without ridge and for T, T0 >= d + 2 exactly
 * sigma^2 d/(T-d-1) + sum_{m=1..n} sigma0^2 d/(m T0-d-1) (arXiv:2402.07712v2, Thm 4.1 and what follows it), so that n
 * generations cost about log n.
 */
export function growingTestError(problem: ChainProblem): Prediction {
  const chain = chainOf(problem);
  const keepsTruth = chain.fits.every((fit) => fit.rows >= chain.spectrum.length);
  return chainPrediction(chain, (exact) => `arXiv:2402.07712v2, ${theorem(exact, keepsTruth)}`);
}

function theorem(exact: boolean, keepsTruth: boolean): string {
  if (!exact) return 'Thm 4.3 for growing data';
  return keepsTruth ? 'Thm 4.1 for growing data, exact' : 'Thm 4.9 for growing data, exact by rotation invariance';
}
