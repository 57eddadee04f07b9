import type { TokenLaw } from '../tails/laws.ts';
import { sumOverTokens } from '../tails/sums.ts';

/** arXiv:2402.07043, Thm 4.1: c of E ~ T^-c, min(1 - 1/beta, 1/2), beta not 2. */
export const bigramExponent = (beta: number): number => Math.min(1 - 1 / beta, 1 / 2);

/** Thm 4.2 with its constant: what a conditional cut at k leaves is twice the mass beyond it. */
export const bigramPlateau = (truth: TokenLaw, k: number): number =>
  2 * (1 - sumOverTokens(truth.mass, Math.min(k, truth.support), truth.breaks));
