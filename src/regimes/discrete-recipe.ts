import type { Draw } from './draw.ts';

/** The words for trials that draw tokens, count them and compare laws: nothing is fitted, no label has noise. */

/** A law on the tokens 1, 2, ...; `tokenLaw` in discrete-law.ts makes numbers of it. */
export type Law =
  /** p_i ~ i^-exponent up to the support. What is beyond is one lump, drawn but never learnt, or left out of the sum of masses. */
  | {
      readonly kind: 'zipf';
      readonly exponent: number;
      readonly support: number;
      readonly tail: 'lumped' | 'renormalised';
    }
  /** Nothing beyond a token; one beyond the support leaves its part of the lump. */
  | { readonly kind: 'cut'; readonly law: Law; readonly last: number }
  /** Nothing before a token. */
  | { readonly kind: 'tail'; readonly law: Law; readonly first: number }
  /** q_i ~ p_i^(1/temperature), i up to the support: there is no lump. Temperature 0 leaves the most likely token. */
  | { readonly kind: 'tempered'; readonly law: Law; readonly temperature: number }
  /** The fewest tokens, from the first on, that hold at least this share of the mass, and of what is left again, so many times (absent: once). */
  | { readonly kind: 'top-p'; readonly law: Law; readonly share: number; readonly times?: number }
  /** Draws of other tokens than these are lost but for a share: the lump has them. */
  | { readonly kind: 'thinned'; readonly law: Law; readonly tokens: readonly number[]; readonly share: number }
  /** A draw is from `law` with chance `share`, else from `other`. */
  | { readonly kind: 'mixture'; readonly share: number; readonly law: Law; readonly other: Law };

/**
 * `size` independent draws from a law, or from the histogram of an earlier sample. Samples of one draw and one origin are
 * the beginning of one another, so that sizes along an axis are drawn in one pass.
 */
export interface Sample {
  readonly draw: Draw;
  readonly size: number;
  readonly from: Law | Sample;
}

/**
 * A model that remembers every token it was trained on and knows nothing of the others. The test error is the mass of the
 * tokens that are in no training sample: sum_i p_i 1[i not seen], p the truth; the lump of a truth is never seen.
 */
export interface MemoryRecipe {
  readonly kind: 'discrete';
  readonly measure: 'missing-mass';
  readonly truth: Law;
  readonly training: readonly Sample[];
}

/**
 * The same with numbers of draws that are Poisson, of mean `size`, so that the tokens are seen independently of each other: another
 * model with nearly the same mean, by a name of its own. Samples are from laws.
 */
export interface PoissonMemoryRecipe extends Omit<MemoryRecipe, 'measure'> {
  readonly measure: 'poisson-missing-mass';
}

/**
 * Embeddings e_i of tokens and u_y of labels, independent and uniform on the corners (1, ..., 1), ..., (-1, ..., -1) of a cube over
 * sqrt(dimension), joined by M = sum_i q_i e_i u_y(i)', token i labelled y(i) = (i - 1) mod labels + 1. q_i is how often a token was
 * seen, or `seen`: whether it was. The test error is the mass of the tokens whose label is not argmax_y e_i' M u_y; of equal ones the
 * first. One training sample, from a law.
 */
export interface AssociationRecipe extends Omit<MemoryRecipe, 'measure'> {
  readonly measure: 'associations';
  readonly dimension: number;
  readonly labels: number;
  readonly weights: 'counts' | 'seen';
}

/** One word for each thing that is measured; all have training samples, and what else they have, cells of one job share. */
export type DiscreteRecipe = MemoryRecipe | PoissonMemoryRecipe | AssociationRecipe;

export const isSample = (origin: Law | Sample): origin is Sample => 'draw' in origin;

/** All samples behind a recipe's training samples and these, each before those drawn from it. */
export function samplesOf({ training }: Pick<DiscreteRecipe, 'training'>): readonly Sample[] {
  return training.flatMap((last) => {
    const chain = [last];
    for (let { from } = last; isSample(from); { from } = from) chain.push(from);
    return chain.reverse();
  });
}
