import type { Source } from './hutter.ts';
import type { TokenLaw } from './laws.ts';
import { sumOverTokens } from './sums.ts';

/**
 * The mean missing mass where every source brings a Poisson number of draws of mean T_s, so that tokens are seen independently of
 * each other: sum_i p_i exp(-sum_s T_s q_s(i)), exactly. Larger than with fixed numbers by about sum_i p_i T q_i^2 exp(-T q_i) / 2.
 */
export function poissonMissingMass(truth: TokenLaw, sources: readonly Source[]): number {
  const rate = (i: number) => sources.reduce((sum, { law, sizes }) => sum + sizes[0]! * law.mass(i), 0);
  const breaks = sources.flatMap(({ law }) => [...law.breaks, law.support]);
  const term = (i: number) => truth.mass(i) * Math.exp(-rate(i));
  // Masses sum to 1 but for rounding.
  return Math.min(1, truth.beyond + sumOverTokens(term, truth.support, [...truth.breaks, ...breaks]));
}
