import type { Prediction } from './prediction.ts';
import { digamma } from './tails/special.ts';

/** A Gaussian that is fitted to rows of the Gaussian before, from the truth N(0, I) on. */
export interface GaussianChain {
  readonly dimension: number;
  readonly estimator: 'unbiased' | 'likelihood';
  /** Factor of standard deviations of what is drawn. */
  readonly sharpen: number;
  readonly past: 'kept' | 'replaced';
  /** Real rows of the first round; fresh ones in every later round; whether the first are there in every round. */
  readonly first: number;
  readonly later: number;
  readonly again: boolean;
  /** Generated rows by later round. */
  readonly rows: readonly number[];
}

/** Where the chain is from; its moments are worked out in docs/theory.md, "Gaussians". */
const SOURCE = 'arXiv:2410.16713v4, Gaussians; exact moments';

/** The mean of a measure after the last round (GaussianRecipe), exactly; null where no form is known. */
export function gaussianPrediction(
  chain: GaussianChain,
  measure: 'mean' | 'variance' | 'log-volume' | 'divergence',
): Prediction | null {
  if (measure === 'mean' || measure === 'variance') {
    const { mean, variance } = secondMoments(chain);
    const value = measure === 'mean' ? chain.dimension * mean : variance;
    const deviation = isReplaced(chain) ? deviationOf(chain, measure) : null;
    return { kind: 'value', value, source: SOURCE, allowance: 0, ...(deviation === null ? {} : { deviation }) };
  }
  if (!isReplaced(chain)) return null;
  const volume = logVolume(chain);
  if (measure === 'log-volume') return { kind: 'value', value: volume, source: SOURCE, allowance: 0 };
  const { dimension: d } = chain;
  if (Math.min(chain.first, ...chain.rows) <= d + 2)
    return { kind: 'no-mean', reason: 'the inverse of a covariance of d + 2 rows or fewer has no mean' };
  const { trace, square } = inverseMoments(chain);
  return { kind: 'value', value: (d * (trace + square - 1 + volume)) / 2, source: SOURCE, allowance: 0 };
}

/** Every round learns from rows of the one before and from nothing else. */
export const isReplaced = ({ past, later, again }: GaussianChain) => past === 'replaced' && later === 0 && !again;

const divisorOf = ({ estimator }: Pick<GaussianChain, 'estimator'>, rows: number) =>
  estimator === 'unbiased' ? rows - 1 : rows;

/**
 * Of a direction, E m^2 and E C, for all of which are alike: linear in those of the round before.
 *
 *     Q, V   of the model;  R = E m x of its mean and that of the first real rows, where those come again
 *     x_s    mean of n generated rows: E x_s^2 = Q + (sharpen^2 V)/n, E x_s x = E m x for whatever x there was before
 *     m'     mean of all N rows by their numbers;  N' C' = what rows scatter about their own means + sum n_i (x_i - m')^2
 */
export function secondMoments(chain: GaussianChain): { readonly mean: number; readonly variance: number } {
  const { first, later, again, past, sharpen, rows } = chain;
  const kept = past === 'kept';
  let [seen, q, r] = [first, 1 / first, 1 / first];
  /** Of all rows that were seen, about their common mean. */
  let scatter = first - 1;
  let v = scatter / divisorOf(chain, first);
  for (const n of rows) {
    const spread = sharpen * sharpen * v;
    // Means by their numbers of rows, and what is known of each with each.
    const parts = [
      { n, scatter: (n - 1) * spread },
      ...(later > 0 ? [{ n: later, scatter: later - 1 }] : []),
      ...(again ? [{ n: first, scatter: first - 1 }] : []),
      ...(kept ? [{ n: seen, scatter }] : []),
    ];
    const squares = [
      q + spread / n,
      ...(later > 0 ? [1 / later] : []),
      ...(again ? [1 / first] : []),
      ...(kept ? [q] : []),
    ];
    // Of the generated rows with those that come again, or with all before; fresh ones are apart from everything.
    const shared = again ? r * n * first : kept ? q * n * seen : 0;
    const all = parts.reduce((sum, part) => sum + part.n, 0);
    const between = parts.reduce((sum, part, i) => sum + part.n * squares[i]!, 0);
    const next = (parts.reduce((sum, part, i) => sum + part.n ** 2 * squares[i]!, 0) + 2 * shared) / all ** 2;
    r = (n * r + (again ? 1 : 0)) / all;
    scatter = parts.reduce((sum, part) => sum + part.scatter, 0) + between - all * next;
    q = next;
    v = scatter / divisorOf(chain, all);
    seen = all;
  }
  return { mean: q, variance: v };
}

/**
 * Standard deviation of |m|^2 or of tr C / d: a few trials in which C grows carry its mean while it shrinks in all others.
 *
 *     C' = C^(1/2) W C^(1/2) / N', W of n - 1 degrees of freedom nu:
 *     E tr^2 C' = (nu^2 tr^2 C + 2 nu tr C^2) / N'^2,  E tr C'^2 = (nu (nu + 1) tr C^2 + nu tr^2 C) / N'^2
 *     m' = m + sharpen C^(1/2) z / sqrt n, apart from C' given m and C
 */
function deviationOf(chain: GaussianChain, measure: 'mean' | 'variance'): number {
  const { dimension: d, sharpen, first, rows } = chain;
  // Of the truth: tr, tr^2, tr of the square; |m|^2 and its square, |m|^2 tr C and m'C m.
  let law = { t: d, tt: d * d, s: d, m: 0, mm: 0, mt: 0, mcm: 0 };
  for (const [round, n] of [first, ...rows].entries()) {
    const drawn = round === 0 ? 1 : sharpen * sharpen;
    const [t, tt, s] = [drawn * law.t, drawn ** 2 * law.tt, drawn ** 2 * law.s];
    const [mt, mcm] = [drawn * law.mt, drawn * law.mcm];
    const nu = n - 1;
    const part = 1 / divisorOf(chain, n);
    law = {
      t: part * nu * t,
      tt: part ** 2 * (nu * nu * tt + 2 * nu * s),
      s: part ** 2 * (nu * (nu + 1) * s + nu * tt),
      m: law.m + t / n,
      mm: law.mm + (2 * mt + 4 * mcm) / n + (tt + 2 * s) / n ** 2,
      mt: part * nu * (mt + tt / n),
      mcm: part * nu * (mcm + s / n),
    };
  }
  return (
    Math.sqrt(Math.max(0, measure === 'mean' ? law.mm - law.m ** 2 : law.tt - law.t ** 2)) /
    (measure === 'mean' ? 1 : d)
  );
}

/** E log det C / d: every round adds log chi^2 of nu, nu - 1, ... degrees of freedom. */
function logVolume(chain: GaussianChain): number {
  const { dimension: d, sharpen, first, rows } = chain;
  let sum = 2 * rows.length * Math.log(sharpen);
  for (const n of [first, ...rows]) {
    let round = 0;
    for (let j = 0; j < d; j++) round += digamma((n - 1 - j) / 2) + Math.LN2;
    sum += round / d - Math.log(divisorOf(chain, n));
  }
  return sum;
}

/** E tr C^-1 / d and E m'C^-1 m / d: the inverse of W has the mean I / (nu - d - 1). */
function inverseMoments(chain: GaussianChain): { readonly trace: number; readonly square: number } {
  const { dimension: d, sharpen, first, rows } = chain;
  let [trace, square] = [1, 0];
  for (const [round, n] of [first, ...rows].entries()) {
    const drawn = round === 0 ? 1 : sharpen * sharpen;
    const grown = divisorOf(chain, n) / (n - 2 - d) / drawn;
    square = grown * (square + drawn / n);
    trace *= grown;
  }
  return { trace, square };
}

/** Logarithm of the least of the variances after the last round where each learns from the one before alone, six standard deviations below its mean. */
export function narrowest(chain: GaussianChain): number {
  const { dimension: d, sharpen, first, rows } = chain;
  let [mean, variance] = [2 * rows.length * Math.log(sharpen), 0];
  for (const n of [first, ...rows]) {
    // As many directions as there are degrees of freedom: a round of fewer leaves the others without variance at all.
    const nu = Math.max(1, n - d);
    mean += digamma(nu / 2) + Math.LN2 - Math.log(divisorOf(chain, n));
    variance += 2 / nu + (nu < 3 ? 3 : 0);
  }
  return mean - 6 * Math.sqrt(variance);
}
