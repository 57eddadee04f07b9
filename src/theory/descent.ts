import { type ChainProblem, chainOf, chainPrediction } from './chain.ts';
import type { Prediction } from './prediction.ts';

/**
 * Mean of `||w - w0||_Sigma^2` of a fit by one pass of stochastic gradient descent behind others of the kind, the first of which saw labels of
 * w0: the recursion of the moments along the steps (`descent-moments.ts`) within that along the chain, exact at every size. In power laws the error
 * falls with the number of steps as in arXiv:2406.08466.
 */
export function descentTestError(problem: ChainProblem): Prediction {
  return chainPrediction(chainOf(problem), () => 'arXiv:2406.08466v1, one-pass SGD, exact moments');
}
