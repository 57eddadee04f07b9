import { sumOfTerms } from './expansion.ts';
import { degreesOfFreedom } from './fixed-point.ts';
import type { MixtureProblem } from './mixture-problem.ts';
import { saddleOf } from './mixture-saddle.ts';
import type { Prediction } from './prediction.ts';

/** Thm 2 of arXiv:2410.04840v2, a mixture fitted on m random features, to leading order. */
export interface ProjectedTerms {
  readonly bias: number;
  readonly variance: number;
  readonly collapse: number;
}

/**
 *     theta the root of lambda = (m/d) theta (1 - df_1/n)(1 - df_1/m)
 *     R     (Sigma + theta)^-1
 *     nu    theta^2 tr Sigma R^2 / (m - df_2)
 *     q     df_2 + nu tr Sigma R^2;  u = q/(n - q)
 *     p_k   the shares of the rows
 *
 *     V    = sigma^2 u
 *     B    = (1 + u) tr Gamma Sigma (theta^2 + nu Sigma) R^2
 *     zeta = p2^2 (1 + p1 u) tr Delta Sigma^3 R^2 + c (1 + u) nu tr Delta Sigma^2 R^2 + p2 u tr Delta Sigma (p1 Sigma + theta)^2 R^2
 *
 * with c = p2^2. The paper prints c = p2, which overrates the shift; its V, besides, lacks 1/n, here as in the corrected form.
 */
export function projectedTerms(problem: MixtureProblem, form: 'corrected' | 'printed'): ProjectedTerms {
  const { spectrum, signal, shift, real, synthetic, features } = problem;
  const rows = real.rows + synthetic.rows;
  const [p1, p2] = [real.rows / rows, synthetic.rows / rows];
  const theta = thetaOf(problem);
  const df2 = degreesOfFreedom(spectrum, theta, 2);
  const over = spectrum.reduce((sum, s) => sum + s / (s + theta) ** 2, 0);
  const nu = (theta ** 2 * over) / (features! - df2);
  const q = df2 + nu * over;
  const u = q / (rows - q);
  const trace = (of: readonly number[], f: (s: number) => number) =>
    spectrum.reduce((sum, s, j) => sum + (of[j]! * f(s)) / (s + theta) ** 2, 0);
  const c = form === 'printed' ? p2 : p2 ** 2;
  return {
    variance: (p1 * real.noise ** 2 + p2 * synthetic.noise ** 2) * u,
    bias: (1 + u) * trace(signal, (s) => s * (theta ** 2 + nu * s)),
    collapse:
      p2 ** 2 * (1 + p1 * u) * trace(shift, (s) => s ** 3) +
      c * (1 + u) * nu * trace(shift, (s) => s ** 2) +
      p2 * u * trace(shift, (s) => s * (p1 * s + theta) ** 2),
  };
}

/** g/e where the place of the deterministic equivalent is known. */
function thetaOf({ spectrum, real, synthetic, ridge, features }: MixtureProblem): number {
  const rows = real.rows + synthetic.rows;
  const sources = [{ share: 1, weight: 1, spectrum }];
  const { penalty, effective } = saddleOf({ rows, ridge, sources, features: features! });
  return penalty / effective[0]!;
}

/**
 * Thm 2 as printed, beside the mean that it should be: its allowance is what a leading order leaves out, as the corrected form of it,
 * so that a simulation departs from it by its slip. null if the corrected form has no mean.
 */
export function printedPrediction(problem: MixtureProblem, corrected: Prediction): Prediction {
  if (corrected.kind !== 'value') return corrected;
  const [printed, right] = (['printed', 'corrected'] as const).map((form) => projectedTerms(problem, form));
  const term = (name: keyof ProjectedTerms) => {
    const { value, allowance } = corrected.terms![name];
    return { value: printed![name], allowance: Math.abs(value - right![name]) + allowance };
  };
  const terms = { bias: term('bias'), variance: term('variance'), collapse: term('collapse') };
  return {
    kind: 'value',
    ...sumOfTerms(terms),
    source: 'arXiv:2410.04840v2, Thm 2 as printed, with 1/n in V',
    terms,
  };
}
