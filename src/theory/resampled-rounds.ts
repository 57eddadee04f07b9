/** Labels accumulate, and every fit sees T of them at random, as many as one round adds. This is common to fresh and to reused inputs. */
export interface ResampledRounds {
  /** d/T, between 0 and 1. */
  readonly ratio: number;
  readonly design: 'fresh' | 'reused';
  /** n, at least 1. */
  readonly fits: number;
}

/**
 * `E ||w_n - w0||_Sigma^2/sigma^2` as T and d grow at a fixed ratio, exact in that ratio (docs/theory.md, "Accumulation"); null where
 * reused inputs leave fewer distinct rows than dimensions.
 *
 * A row x is left out of all fits, and put back:
 *
 *     v_n   w_n - w0
 *     z_n   x'v_n of the fits without the row
 *     a_n   the sum of the residuals of those copies of the row that fit n sees
 *     h_n   kappa_n a_n;  E h_n h_k = g_k/(n-s) for k < n, so that of all h only the mean squares hang on which rows are chosen
 *     r_n   sum_{m<n} h_m/(m+1-s)
 *
 * Then x'v_n = z_n - r_n - h_n, and d <v_n, v_k> = T E (r_n + h_n)(r_k + h_k).
 */
export function resampledError({ ratio, design, fits }: ResampledRounds): number | null {
  const rounds = design === 'fresh' ? freshRounds(ratio) : reusedRounds(ratio);
  const chain = new Chain(ratio, rounds.shift);
  for (let n = 1; n <= fits; n++) {
    const step = rounds.step(n, chain);
    if (step === null) return null;
    chain.push(step);
  }
  return chain.last;
}

/** What is particular to a design. */
interface Rounds {
  /** s, which stands beside the numbers of fits. */
  readonly shift: number;
  /** E h_n^2, and the g_n of later fits with this one; null where fit n does not exist. */
  step(n: number, chain: Chain): Step | null;
}

interface Step {
  readonly square: number;
  readonly g: number;
}

/** Second moments of the fits so far, and of the next one, n, before what is its own is known. O(1) for each. */
class Chain {
  readonly #ratio: number;
  readonly #shift: number;
  /** n of the next fit. */
  #next = 1;
  /** |v_{n-1}|^2. */
  #last = 0;
  /** E r_n^2. */
  #rest = 0;
  /** sum_{m<n} g_m/(m+1-s), which is E h_n r_n times n-s. */
  #weight = 0;
  /** Sums over k < n of E r_n v_k and of E h_n v_k (n-s). */
  #sums = { rest: 0, own: 0 };

  constructor(ratio: number, shift: number) {
    this.#ratio = ratio;
    this.#shift = shift;
  }

  /** |v_{n-1}|^2. */
  get last(): number {
    return this.#last;
  }

  /** E r_n^2. */
  get rest(): number {
    return this.#rest;
  }

  /** E h_n r_n. */
  get across(): number {
    return this.#weight / (this.#next - this.#shift);
  }

  /** |v_n|^2 less what E h_n^2 adds to it, E h_n^2/ratio. */
  get known(): number {
    return (this.#rest + 2 * this.across) / this.#ratio;
  }

  /** Sum over k < n of <v_n, v_k>. */
  get products(): number {
    return (this.#sums.rest + this.#sums.own / (this.#next - this.#shift)) / this.#ratio;
  }

  push({ square, g }: Step): void {
    const { across, known } = this;
    const n = this.#next - this.#shift;
    const step = n + 1;
    const { rest, own } = this.#sums;
    this.#sums = {
      rest: rest + own / n / step + this.#rest + across + (across + square) / step,
      own: own + this.#weight + g,
    };
    this.#last = known + square / this.#ratio;
    this.#rest += (2 * across) / step + square / step ** 2;
    this.#weight += g / step;
    this.#next++;
  }
}

/** Each row is of one round, whose model labels it, and is in fit n with probability 1/n. */
function freshRounds(ratio: number): Rounds {
  const kappa = ratio / (1 - ratio);
  let squares = 0;
  // U_m: the sum over the rounds b of E l_b a_m, l_b the labels of a row of round b; here sum_{m<n} U_m kappa/(m+1-s).
  let labels = 0;
  return {
    shift: ratio,
    step(n, chain) {
      const { products } = chain;
      squares += chain.last + 1;
      // The sum over rounds of E (z_n - r_n - l_b)^2, but for what E h_n^2 = y adds to |v_n|^2: y n/ratio.
      const known = n * chain.known - 2 * products + squares - chain.rest - 2 * chain.across + 2 * labels;
      const square = (ratio * kappa * known) / n;
      const own = ((1 - ratio) / n) * (products - squares - labels);
      labels += (kappa * own) / (n + 1 - ratio);
      return { square, g: -ratio * kappa * own };
    },
  };
}

/** Each row has n copies in the pool of fit n, one with a label of each model so far. The fit sees a binomial number of them, with mean 1. */
function reusedRounds(ratio: number): Rounds {
  const inside = 1 - ratio;
  const g = ratio ** 2 / inside;
  /** Sums over b, b' <= n of E l_b l_b', for b = b' and for all. */
  let squares = 0;
  let all = 0;
  let harmonic = 0;
  let products = 0;
  return {
    shift: 0,
    step(n, chain) {
      // A label's error e_b is seen in every fit n >= b with the share ratio/b: E e_b x'v_n = ratio/b.
      const own = inside * chain.last + 1;
      squares += own;
      all += own + 2 * (inside * products + ratio * harmonic);
      harmonic += 1 / n;
      const copies = copiesOf(n, ratio);
      if (copies === null) return null;
      const { kappa, first, second } = copies;
      products = chain.products;
      const withLabels = (inside * products + ratio * harmonic) / n - ratio / n;
      const pairs = n === 1 ? 0 : ((second - first) * (all - squares)) / (n * (n - 1));
      const known = second * (inside * chain.known - 2 * withLabels) + (first * squares) / n + pairs;
      const square = (kappa ** 2 * known) / (1 - (kappa ** 2 * second) / ratio);
      return { square, g };
    },
  };
}

/**
 * kappa with E kappa q/(1 + kappa q) = ratio, and the means of q/(1 + kappa q)^2 and q^2/(1 + kappa q)^2, for q binomial of n with mean 1.
 * null where q is 0 too often.
 */
function copiesOf(
  n: number,
  ratio: number,
): { readonly kappa: number; readonly first: number; readonly second: number } | null {
  const law = copyLaw(n);
  if (ratio >= 1 - law[0]!) return null;
  const mean = (f: (q: number) => number) => law.reduce((sum, p, q) => sum + p * f(q), 0);
  // The left side is concave: Newton's steps from below never pass the root.
  let kappa = ratio;
  for (let step = kappa; step > 1e-14 * kappa; kappa += step) {
    const lacking = ratio - kappa * mean((q) => q / (1 + kappa * q));
    step = lacking / mean((q) => q / (1 + kappa * q) ** 2);
  }
  return { kappa, first: mean((q) => q / (1 + kappa * q) ** 2), second: mean((q) => (q / (1 + kappa * q)) ** 2) };
}

/** Probabilities of 0, 1, 2 .. of n copies, each taken with probability 1/n, as far as they count. */
function copyLaw(n: number): readonly number[] {
  if (n === 1) return [0, 1];
  const law = [(1 - 1 / n) ** n];
  for (let q = 1; q <= n && (q < 3 || law.at(-1)! > 1e-20); q++) law.push((law.at(-1)! * (n - q + 1)) / (q * (n - 1)));
  return law;
}
