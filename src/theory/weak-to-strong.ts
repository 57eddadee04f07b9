import { type ChainProblem, chainOf, chainPrediction } from './chain.ts';
import type { Prediction } from './prediction.ts';

/**
 * Mean of `||w - w0||_Sigma^2` of a student behind its teachers, the first of which saw labels of w0, each on rows of its own
 * (arXiv:2505.18346v1 for ridges, arXiv:2603.05691v1 for random features). With the moments of `fit-moments.ts` of the student (s) and one
 * teacher (t), for Sigma = I and labels of the student without noise,
 *
 *     E = a_s [a_t |w0|^2 + sigma^2 d noise_t] - 2 mean_s mean_t |w0|^2 + |w0|^2,     a = 2 mean - 1 + missed(1).
 */
export function weakToStrongTestError(problem: ChainProblem): Prediction {
  const features = [problem.downstream, ...problem.generators].some((fit) => fit.features !== undefined);
  const paper = features ? 'arXiv:2603.05691v1, random features' : 'arXiv:2505.18346v1, ridge';
  const what = problem.generators.length === 0 ? 'no teacher' : 'student of a teacher';
  return chainPrediction(chainOf(problem), (exact) => `${paper}, ${what}${exact ? ', exact' : ''}`);
}
