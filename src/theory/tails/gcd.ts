import { type TokenLaw, thinned } from './laws.ts';

/**
 * Appendix G of arXiv:2402.07043: a transformer learns greatest common divisors in base B, and its labels teach another. The
 * divisor of two uniform numbers is k with chance 6/(pi^2 k^2): a Zipf law with exponent 2 on skills k.
 */

/** Prime powers that a transformer has learnt after 300 M examples, by base: it answers with the products. */
const LEARNT = {
  10: [
    [1, 2, 4, 8, 16],
    [1, 5, 25],
  ],
  420: [
    [1, 2, 4, 8, 16],
    [1, 3, 9],
    [1, 5, 25],
    [1, 7],
  ],
  1000: [
    [1, 2, 4, 8, 16],
    [1, 5, 25],
    [1, 3],
  ],
  2017: [
    [1, 2],
    [1, 3],
  ],
  2023: [
    [1, 2, 4],
    [1, 3],
    [1, 7],
    [1, 17],
  ],
  4913: [
    [1, 2, 4],
    [1, 3],
    [1, 5],
    [1, 17],
  ],
} as const;

export type Base = keyof typeof LEARNT;

export const BASES = Object.keys(LEARNT).map(Number) as readonly Base[];

/** The divisors that the generator of a base tells apart, ascending. */
export const learntSkills = (base: Base): readonly number[] =>
  (LEARNT[base] as readonly (readonly number[])[])
    .reduce<number[]>((products, powers) => products.flatMap((a) => powers.map((b) => a * b)), [1])
    .toSorted((a, b) => a - b);

/** The share of right answers: sum of 6/(pi^2 k^2) over the products. */
export const accuracy = (base: Base): number => learntSkills(base).reduce((sum, k) => sum + 6 / (Math.PI * k) ** 2, 0);

/**
 * The toy without a transformer: a skill is known once it was shown with its right label. A share `synthetic` of the examples is
 * labelled by the generator, which is right about what it has learnt alone; so the chance q_k that an example shows skill k
 * rightly is p_k for those and (1 - synthetic) p_k for others.
 */
export const rightlyShown = (truth: TokenLaw, base: Base, synthetic: number): TokenLaw =>
  thinned(truth, learntSkills(base), 1 - synthetic);
