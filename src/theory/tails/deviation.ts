import { extinction } from './generations.ts';
import type { Source } from './hutter.ts';
import type { TokenLaw } from './laws.ts';
import { sumOverTokens } from './sums.ts';

/**
 * Standard deviation of the missing mass, or a bound above it: the square root of sum_i p_i^2 u_i (1 - u_i), u_i the chance that token i
 * is in no draw. Exact where tokens are independent (Poisson numbers of draws); with fixed numbers they are negatively correlated, since
 * a draw that is one token is no other. `chanceOf` as `extinction`: by sizes, then by the probability of a token.
 */
export function missingMassDeviation(
  truth: TokenLaw,
  sources: readonly Source[],
  chanceOf: (sizes: readonly number[]) => (q: number) => number = extinction,
): number {
  const unseen = sources.map(({ law, sizes }) => ({ law, chance: chanceOf(sizes) }));
  const term = (i: number) => {
    const u = unseen.reduce((product, { law, chance }) => product * chance(law.mass(i)), 1);
    return truth.mass(i) ** 2 * u * (1 - u);
  };
  const breaks = sources.flatMap(({ law }) => [...law.breaks, law.support]);
  return Math.sqrt(sumOverTokens(term, truth.support, [...truth.breaks, ...breaks]));
}
