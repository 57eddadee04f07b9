import { extinction } from './generations.ts';
import type { TokenLaw } from './laws.ts';
import { sumOverTokens } from './sums.ts';

/**
 * Draws that a model learns from: sizes = [T] for T draws from the law, [M_0, ..., M_n] for M_n draws from the histogram
 * of M_{n-1} draws from ... the histogram of M_0 draws from the law.
 */
export interface Source {
  readonly law: TokenLaw;
  readonly sizes: readonly number[];
}

/**
 * The mean test error of Hutter's model (arXiv:2402.07043, Sec. 2 and eq. 2), which memorises the labels of the tokens
 * it has seen: E = sum_i p_i prod_s P(i is in no draw of source s), exactly, at finite size. Tokens without a name are
 * never learnt. For one source without generations it is sum_i p_i (1 - q_i)^T; for a tail cut at k (Thm 2.1) that is
 * sum_{i > k} p_i + sum_{i <= k} p_i (1 - q_i)^T; several sources are real and synthetic data side by side (Thm 3.1, Cor 3.3).
 */
export function missingMass(truth: TokenLaw, sources: readonly Source[]): number {
  const unseen = sources.map(({ law, sizes }) => ({ law, chance: extinction(sizes) }));
  const term = (i: number) =>
    unseen.reduce((product, { law, chance }) => product && product * chance(law.mass(i)), truth.mass(i));
  const breaks = sources.flatMap(({ law }) => [...law.breaks, law.support]);
  // Masses sum to 1 but for rounding.
  return Math.min(1, truth.beyond + sumOverTokens(term, truth.support, [...truth.breaks, ...breaks]));
}

/** Exponent of arXiv:2402.07043, Cor 2.3: E ~ T^-(beta-1)/beta' where data come from a Zipf law with beta', for the truth's beta. */
export const narrowedExponent = (beta: number, narrowed: number): number => (beta - 1) / narrowed;
