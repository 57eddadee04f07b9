import { binomialMass, binomialMean } from './binomial.ts';
import type { TokenLaw } from './laws.ts';
import { sumOverTokens } from './sums.ts';

/** Two laws that have nothing in common differ by 2, and so much is counted for a context that the model has never seen. */
export const UNSEEN = 2;

/** Draws up to which the variation is tabled one by one, and points to an octave beyond. */
const TABLED = 32;
const PER_OCTAVE = 12;

/** Tokens whose deviation is added as it is; beyond, where counts are few, its integral is within 2e-4 at a million draws. */
const ADDED = 512;

/**
 * E |Y - a|, Y ~ Binomial(n, q). About its mean, a = n q, it is De Moivre's 2 m C(n, m) q^m (1-q)^(n-m+1), m = floor(n q) + 1; about
 * another number it also takes the chance that Y is below it.
 */
export function absoluteDeviation(n: number, q: number, a: number): number {
  if (!(q > 0)) return a;
  if (q >= 1) return Math.abs(n - a);
  const below = Math.floor(a);
  if (below >= n) return a - n * q;
  if (below === 0) return n * q - a + 2 * a * Math.exp(n * Math.log1p(-q));
  // sum_{y <= m} (n q - y) P(y) = (m + 1) (1 - q) P(m + 1)
  const core = (below + 1) * (1 - q) * binomialMass(n, q, below + 1);
  const shift = a - n * q;
  const apart = Math.abs(shift) > 1e-12 * a;
  return 2 * core + (apart ? shift * (2 * atMost(n, q, below) - 1) : 0);
}

/** P(Y <= m): from its larger end down. */
function atMost(n: number, q: number, m: number): number {
  const odds = q / (1 - q);
  let mass = binomialMass(n, q, m);
  // So far in a tail that f64 does not show it.
  if (mass === 0) return Number(m > n * q);
  let sum = mass;
  for (let y = m; y > 0 && (mass > 1e-17 * sum || y > n * q); y--) {
    mass *= y / ((n - y + 1) * odds);
    sum += mass;
  }
  return Math.min(1, sum);
}

/**
 * The total variation, without a factor 1/2, between a law and the histogram of n draws from another (itself, or itself with its tail cut), on
 * average: (1/n) sum_j E |Y_j - n p_j|, Y_j ~ Binomial(n, q_j).
 */
export function meanVariation(truth: TokenLaw, drawn: TokenLaw, n: number): number {
  if (n === 0) return UNSEEN;
  const term = (j: number) => {
    const p = truth.mass(j);
    return absoluteDeviation(n, drawn === truth ? p : drawn.mass(j), n * p) / n;
  };
  return truth.beyond + sumOverTokens(term, truth.support, [...truth.breaks, ...drawn.breaks, drawn.support], ADDED);
}

/**
 * The mean test error of Hutter++ (arXiv:2402.07043, Thm 4.1 and 4.2): sum_i p_i E TV(q_T(.|i), p(.|i)) after T pairs, the
 * context i from `contexts`, the next token from `drawn`, whose order of tokens is another one for each context and does not matter.
 * Exact but for the variation at n > 32 draws, interpolated to 5e-4, and 2e-4 for the integral over rare tokens.
 */
export function bigramError(contexts: TokenLaw, truth: TokenLaw, drawn: TokenLaw, pairs: number): number {
  const table = new Map<number, number>();
  const tabled = (n: number): number => {
    let value = table.get(n);
    if (value === undefined) {
      value = meanVariation(truth, drawn, n);
      table.set(n, value);
    }
    return value;
  };
  const variation = (n: number): number => {
    if (n <= TABLED) return tabled(n);
    const step = Math.floor(Math.log2(n) * PER_OCTAVE);
    const [low, high] = [step, step + 1].map((k) => Math.round(2 ** (k / PER_OCTAVE)));
    const weight = Math.log(n / low!) / Math.log(high! / low!);
    return tabled(low!) ** (1 - weight) * tabled(high!) ** weight;
  };
  const term = (i: number) => contexts.mass(i) * meanOver(pairs, contexts.mass(i), variation);
  return UNSEEN * contexts.beyond + sumOverTokens(term, contexts.support, contexts.breaks);
}

/** E f(Y), Y ~ Binomial(draws, p), from the numbers within nine standard deviations. */
function meanOver(draws: number, p: number, f: (n: number) => number): number {
  if (p >= 1) return f(draws);
  const middle = draws * p;
  const reach = 9 * Math.sqrt(middle) + 40;
  const first = Math.max(0, Math.floor(middle - reach));
  const last = Math.min(draws, Math.ceil(middle + reach));
  if (first > 0) return windowMean(draws, p, first, last, f);
  return binomialMean(
    draws,
    p,
    Float64Array.from({ length: last + 1 }, (_, n) => f(n)),
  );
}

/** Far from 0 the numbers are even enough that every few of them will do. */
function windowMean(draws: number, p: number, first: number, last: number, f: (n: number) => number): number {
  const step = Math.max(1, Math.floor((last - first) / 100));
  let [sum, mass] = [0, 0];
  for (let n = first; n <= last; n += step) {
    const weight = binomialMass(draws, p, n);
    sum += weight * f(n);
    mass += weight;
  }
  return sum / mass;
}
