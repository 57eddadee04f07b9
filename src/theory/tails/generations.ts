import { binomialMean } from './binomial.ts';

/**
 * Chains of histograms: `sizes[0]` draws from a law, then each of the further sizes that many draws from the histogram
 * of those before. What becomes of one token depends on its own count alone.
 */

/** Chances below exp(-this) that a token of so many copies dies out are taken for none. */
const CERTAIN = 45;

/** Chances below exp(-this), Poissonised, are taken for Poissonised: they are nothing beside any mass. */
const VANISHED = 80;

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
 * X_0 ~ Binomial(M_0, q), X_{k+1} ~ Binomial(M_{k+1}, X_k / M_k). Only small counts can die out, so their table is short, and where
 * it is not, it is filled in (`between`): -ln of the chance over the count is smooth, and some 1e-9 of a chance is lost in a generation.
 */
export function extinction(sizes: readonly number[]): (q: number) => number {
  const [first, ...further] = sizes;
  if (further.length === 0) return (q) => Math.exp(first! * Math.log1p(-Math.min(q, 1)));
  const a = survivals(sizes);
  let died: Float64Array = new Float64Array([1]);
  for (let k = sizes.length - 2; k >= 0; k--) {
    const [size, next] = [sizes[k]!, sizes[k + 1]!];
    const copies = Math.min(size, Math.ceil(CERTAIN / -Math.log1p(-Math.min(a[k]!, 1 - 1e-12))));
    const later = died;
    died = between(copies, size, (x) => binomialMean(next, x / size, later));
  }
  const rate = first! * a[0]!;
  return (q) => (rate * q > VANISHED ? Math.exp(-rate * q) : binomialMean(first!, q, died));
}

/** Counts up to this are worked out one by one; then each is this share larger than the one before. */
const SINGLY = 64;
const STEP = 0.04;

/** chance(x) for x = 0 .. last, where there are many from the x of `nodesOf`: the cubic through the four nearest -ln chance(x) / x. */
function between(last: number, size: number, chance: (x: number) => number): Float64Array {
  if (last <= SINGLY) return Float64Array.from({ length: last + 1 }, (_, x) => chance(x));
  const nodes = nodesOf(last, size);
  const values = nodes.map(chance);
  const rates = nodes.map((x, i) => -Math.log(Math.max(values[i]!, Number.MIN_VALUE)) / x);
  const chances = new Float64Array(last + 1);
  chances[0] = chance(0);
  for (let i = 0; i + 1 < nodes.length; i++) {
    const first = Math.min(Math.max(0, i - 1), nodes.length - 4);
    const near = [first, first + 1, first + 2, first + 3];
    for (let x = nodes[i]!; x < nodes[i + 1]!; x++) {
      let rate = 0;
      for (const j of near)
        rate += near.reduce((w, k) => (k === j ? w : (w * (x - nodes[k]!)) / (nodes[j]! - nodes[k]!)), rates[j]!);
      chances[x] = Math.exp(-x * rate);
    }
  }
  chances[last] = values.at(-1)!;
  return chances;
}

/** Where all copies are one token's, x = size, it cannot die out: -ln chance has a pole there, about which nodes are as dense as about 0. */
function nodesOf(last: number, size: number): readonly number[] {
  const nodes: number[] = [];
  const step = (x: number) => (x < SINGLY ? 1 : Math.max(1, Math.floor(STEP * Math.min(x, size - x))));
  for (let x = 1; x < last; x += step(x)) nodes.push(x);
  return [...nodes, last];
}
