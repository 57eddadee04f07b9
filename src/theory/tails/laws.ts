import { hurwitz, zeta } from './special.ts';
import { sumOverTokens } from './sums.ts';

/**
 * A probability law on tokens 1, 2, ..., `support`, and on a lump of all others together. `mass` is a function of any
 * real i, smooth but for jumps just after the tokens `breaks`, so that a sum over tokens may be had as an integral.
 */
export interface TokenLaw {
  /** The last token with a name, possibly infinite. */
  readonly support: number;
  readonly breaks: readonly number[];
  /** Mass of all tokens without a name: drawn, but never learnt. Masses and `beyond` sum to 1. */
  readonly beyond: number;
  /** Probability of token i, 0 beyond the support. */
  mass(i: number): number;
}

/**
 * Zipf's law with exponent beta > 1. `lumped`: p_i = i^-beta / zeta(beta) for i up to the support, the rest is the lump.
 * `renormalised`: p_i = i^-beta / H, H the sum up to the support. The same for an infinite support.
 */
export function zipf(beta: number, support = Infinity, tail: 'lumped' | 'renormalised' = 'lumped'): TokenLaw {
  const whole = zeta(beta);
  const rest = Number.isFinite(support) ? hurwitz(beta, support + 1) : 0;
  const norm = tail === 'lumped' ? whole : whole - rest;
  return {
    support,
    breaks: [],
    beyond: tail === 'lumped' ? rest / whole : 0,
    mass: (i) => (i < support + 0.5 ? i ** -beta / norm : 0),
  };
}

/** sum_{i <= k} of the masses. */
export const cumulative = (law: TokenLaw, k: number): number =>
  sumOverTokens(law.mass, Math.min(k, law.support), law.breaks);

/** q_i ∝ p_i 1[i <= k] (arXiv:2402.07043, Sec. 2): nothing beyond token k is ever drawn. */
export function cut(law: TokenLaw, k: number): TokenLaw {
  if (k >= law.support && law.beyond === 0) return law;
  const support = Math.min(k, law.support);
  const norm = cumulative(law, support);
  return { ...law, support, beyond: 0, mass: (i) => (i < support + 0.5 ? law.mass(i) / norm : 0) };
}

/** q_i ∝ p_i 1[i >= first]: the tail that is bought back in Thm 3.1 of arXiv:2402.07043. */
export function tailOf(law: TokenLaw, first: number): TokenLaw {
  const norm = 1 - cumulative(law, first - 1);
  return {
    support: law.support,
    breaks: [...law.breaks, first - 1],
    beyond: law.beyond / norm,
    mass: (i) => (i < first - 0.5 ? 0 : law.mass(i) / norm),
  };
}

/** q_i ∝ p_i^(1/temperature), from the logits divided by the temperature; the lump, which has no logit, is left out. */
export function tempered(law: TokenLaw, temperature: number): TokenLaw {
  const raised = (i: number) => law.mass(i) ** (1 / temperature);
  const norm = sumOverTokens(raised, law.support, law.breaks);
  return { ...law, beyond: 0, mass: (i) => raised(i) / norm };
}

/** The fewest tokens, from the first on, that hold at least `share` of the mass of a falling law, renormalised. */
export const topP = (law: TokenLaw, share: number): TokenLaw => cut(law, nucleus(law, share));

/** How many tokens top-p keeps. */
export function nucleus(law: TokenLaw, share: number): number {
  let low = 1;
  let high = 1;
  while (high < law.support && cumulative(law, high) < share) high *= 2;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (cumulative(law, middle) >= share) high = middle;
    else low = middle + 1;
  }
  return Math.min(low, law.support);
}

/** The masses of some tokens, and a share of those of all others; what is taken away is with the lump. */
export function thinned(law: TokenLaw, tokens: readonly number[], share: number): TokenLaw {
  const spared = new Set(tokens);
  const mass = (i: number) => (spared.has(Math.round(i)) ? 1 : share) * law.mass(i);
  const breaks = [...law.breaks, ...tokens.flatMap((i) => [i - 1, i])].filter((i) => i < law.support);
  return { support: law.support, breaks, mass, beyond: Math.max(0, 1 - sumOverTokens(mass, law.support, breaks)) };
}

/** `share` of the draws from one law and the rest from another (arXiv:2402.07043, Sec. 3.2). */
export function mixture(share: number, law: TokenLaw, other: TokenLaw): TokenLaw {
  return {
    support: Math.max(law.support, other.support),
    breaks: [...law.breaks, ...other.breaks, law.support, other.support].filter(Number.isFinite),
    beyond: share * law.beyond + (1 - share) * other.beyond,
    mass: (i) => share * law.mass(i) + (1 - share) * other.mass(i),
  };
}
