import { binomialMean } from './binomial.ts';

/**
 * Chains of histograms: `sizes[0]` draws from a law, then each of the further sizes that many draws from the histogram
 * of those before. What becomes of one token depends on its own count alone.
 */

/** Chances below exp(-this) that a token of so many copies dies out are taken for none. */
const CERTAIN = 45;

/**
 * a_0 of the Poissonised chain, in which counts are independent Poisson numbers: a_n = 1, a_k = 1 - exp(-(M_{k+1}/M_k) a_{k+1}),
 * the chance that one copy in generation k leaves any copy in the last (Galton and Watson; the iterate is Thm 1 of arXiv:2412.17646).
 * For n equal sizes it goes as 2/n.
 */
export const survival = (sizes: readonly number[]): number => survivals(sizes)[0]!;

function survivals(sizes: readonly number[]): number[] {
  const a = new Array<number>(sizes.length).fill(1);
  for (let k = sizes.length - 2; k >= 0; k--) a[k] = -Math.expm1((-sizes[k + 1]! / sizes[k]!) * a[k + 1]!);
  return a;
}

/** The chance that a token of probability q is in no draw of the last generation, Poissonised: exp(-M_0 a_0 q). */
export function poissonExtinction(sizes: readonly number[]): (q: number) => number {
  const rate = sizes[0]! * survival(sizes);
  return (q) => Math.exp(-rate * q);
}

/**
 * The same exactly, for generations of fixed sizes: the count of a token is a Markov chain (Wright and Fisher),
 * X_0 ~ Binomial(M_0, q), X_{k+1} ~ Binomial(M_{k+1}, X_k / M_k). Only small counts can die out, so their table is short.
 */
export function extinction(sizes: readonly number[]): (q: number) => number {
  const [first, ...further] = sizes;
  if (further.length === 0) return (q) => Math.exp(first! * Math.log1p(-Math.min(q, 1)));
  const a = survivals(sizes);
  let died = new Float64Array([1]);
  for (let k = sizes.length - 2; k >= 0; k--) {
    const [size, next] = [sizes[k]!, sizes[k + 1]!];
    const copies = Math.min(size, Math.ceil(CERTAIN / -Math.log1p(-Math.min(a[k]!, 1 - 1e-12))));
    const later = died;
    died = Float64Array.from({ length: copies + 1 }, (_, x) => binomialMean(next, x / size, later));
  }
  return (q) => binomialMean(first!, q, died);
}
