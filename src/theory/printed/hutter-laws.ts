import { survival } from '../tails/generations.ts';
import { narrowedExponent } from '../tails/hutter.ts';
import { gamma, zeta } from '../tails/special.ts';

/**
 * The laws of arXiv:2402.07043 for Hutter's model on an infinite Zipf law with exponent beta, c = 1 - 1/beta, with the
 * constants that the paper leaves open: to lay beside the exact sums of hutter.ts, not to stand in for them.
 */

/** C of E = C T^-c: int x^-beta/zeta exp(-T x^-beta/zeta) dx = Gamma(1 - 1/beta) / (beta zeta(beta)^(1/beta)) T^-c. */
export const cleanConstant = (beta: number): number => gamma(1 - 1 / beta) / (beta * zeta(beta) ** (1 / beta));

/** The scaling law without collapse. */
export const cleanLaw = (beta: number, draws: number): number => cleanConstant(beta) * draws ** (1 / beta - 1);

/** The error that a tail cut at k leaves: sum_{i > k} p_i = k^-(beta-1) / ((beta-1) zeta(beta)) to leading order. */
export const plateau = (beta: number, k: number): number => k ** (1 - beta) / ((beta - 1) * zeta(beta));

/** Thm 2.1: E ~ T^-c + k^-(beta-1). */
export const cutLaw = (beta: number, draws: number, k: number): number => cleanLaw(beta, draws) + plateau(beta, k);

/** Cor 2.2: E ~ T^-c + T0^-c for T draws from the histogram of T0. */
export const resampledLaw = (beta: number, draws: number, generator: number): number =>
  cleanLaw(beta, draws) + cleanLaw(beta, generator);

/** Thm 2.4 (informal), eqs. 12 and 13: E ~ T^-c + n T0^-c, linear in the n generations. */
export const printedGenerationLaw = (beta: number, draws: number, generator: number, generations: number): number =>
  cleanLaw(beta, draws) + generations * cleanLaw(beta, generator);

/** What the recursion gives instead: C (M_0 a_0)^-c, so that n equal generations cost (n/2)^c and not n. */
export const generationLaw = (beta: number, sizes: readonly number[]): number =>
  cleanLaw(beta, sizes[0]! * survival(sizes));

/** Cor 2.3 with its constant: E = Gamma(s)/(beta' zeta(beta)) (T/zeta(beta'))^-s, s = (beta-1)/beta'. */
export function narrowedLaw(beta: number, narrowed: number, draws: number): number {
  const s = narrowedExponent(beta, narrowed);
  return (gamma(s) / (narrowed * zeta(beta))) * (draws / zeta(narrowed)) ** -s;
}

/** Thm 3.2: T^-c + k^-(beta-1) as long as T << k^beta/pi, (pi T)^-c from there on; `share` is pi. */
export const mixedLaw = (beta: number, draws: number, k: number, share: number): number =>
  Math.min(cutLaw(beta, draws, k), cleanLaw(beta, share * draws));

/** Where the plateau of Thm 3.2 ends: (pi T)^-c meets its level, T = (C / level)^(1/c) / pi, a constant times k^beta / pi. */
export const plateauEnd = (beta: number, k: number, share: number): number =>
  (cleanConstant(beta) / plateau(beta, k)) ** (beta / (beta - 1)) / share;

/**
 * Thm C.2, a narrowed tail mixed with a share pi of the truth. The printed sum of the two powers is wrong for beta' > beta: what
 * either source brings is learnt, so that the smaller one is the error.
 */
export const narrowedMixedLaw = (beta: number, narrowed: number, draws: number, share: number): number =>
  Math.min(narrowedLaw(beta, narrowed, (1 - share) * draws), cleanLaw(beta, share * draws));

/** Cor 3.3 and C.4: (T_real + T_AI)^-c + k^-(beta-1) as long as T_real << k^beta, then T_real^-c. */
export const pooledLaw = (beta: number, real: number, synthetic: number, k: number): number =>
  Math.min(cutLaw(beta, real + synthetic, k), cleanLaw(beta, real));

/** Thm 3.1: as much data again from the tail from token N on leaves T^-c and the mass between k and N. */
export const boughtTailLaw = (beta: number, draws: number, k: number, first: number): number =>
  cleanLaw(beta, draws) + Math.max(0, plateau(beta, k) - plateau(beta, first));
