/** Exponents of a law in powers of the number of draws T, the dimension d and the last token k. */
export interface TripletExponents {
  readonly draws: number;
  readonly dimension: number;
  readonly cut: number;
}

/**
 * Thm 5.1 of arXiv:2402.07043, the triplet law: E ~ T^-c + d^-c_q + k^-(beta-1) for an associative memory of dimension d on
 * T draws of a Zipf law cut at k, c = 1 - 1/beta; constants are open. With `counts` an association is as strong as its
 * token is frequent, with `seen` all that were seen are equally strong.
 */
export function tripletExponents(beta: number, weights: 'counts' | 'seen'): TripletExponents {
  return {
    draws: 1 - 1 / beta,
    dimension: weights === 'counts' ? (1 - 1 / beta) / 2 : beta - 1,
    cut: beta - 1,
  };
}
