import { criticalExponent, optimalExponent, type PowerLaw } from './scaling-law.ts';

/** A ridge and the mean test error it gives. Ridge 0 is least squares of minimum norm, an infinite one predicts 0. */
export interface Optimum {
  readonly ridge: number;
  readonly error: number;
}

/** Where ridges are looked for, in units of the largest eigenvalue, as decimal exponents. */
const DECADES = { first: -12, last: 12 } as const;

/** Steps of a decade: valleys of the error are wider than that. */
const STEPS = 2;

/** A ridge as good as infinite, in units of the largest eigenvalue: squares of it are still numbers. */
const FAR = 1e60;

/** Relative differences of errors that mean nothing. */
const ROUNDING = 1e-12;

/** Width in log ridge at which the search stops: the error is then within 1e-9 of the least. */
const WIDTH = 2e-5;

/**
 * The ridge of least error among all from 0 to infinity, both included; null where the error is nowhere finite. A grid over
 * all scales finds the valley, golden section its bottom. An end that is as good is preferred.
 *
 * @param errorAt mean test error at a ridge; infinite where it has no mean.
 * @param scale largest eigenvalue of Sigma.
 */
export function optimalRidge(errorAt: (ridge: number) => number, scale: number): Optimum | null {
  const at = (ridge: number): Optimum => ({ ridge, error: errorAt(ridge) });
  const count = (DECADES.last - DECADES.first) * STEPS;
  const grid = Array.from({ length: count + 1 }, (_, i) => at(scale * 10 ** (DECADES.first + i / STEPS)));
  const ends = { zero: at(0), infinity: { ridge: Number.POSITIVE_INFINITY, error: errorAt(FAR * scale) } };
  const best = least([ends.zero, ...grid, ends.infinity]);
  if (!Number.isFinite(best.error)) return null;
  const end = [ends.zero, ends.infinity].find(({ error }) => error <= best.error * (1 + ROUNDING));
  return end ?? bottom(errorAt, best);
}

/** Golden section in log ridge, a grid step to either side. */
function bottom(errorAt: (ridge: number) => number, start: Optimum): Optimum {
  const golden = (Math.sqrt(5) - 1) / 2;
  const at = (t: number): Optimum => ({ ridge: Math.exp(t), error: errorAt(Math.exp(t)) });
  const step = Math.LN10 / STEPS;
  let [low, high] = [Math.log(start.ridge) - step, Math.log(start.ridge) + step];
  let [left, right] = [at(high - golden * (high - low)), at(low + golden * (high - low))];
  while (high - low > WIDTH) {
    if (left.error <= right.error) {
      high = Math.log(right.ridge);
      [left, right] = [at(high - golden * (high - low)), left];
    } else {
      low = Math.log(left.ridge);
      [left, right] = [right, at(low + golden * (high - low))];
    }
  }
  return least([start, left, right]);
}

const least = (points: readonly Optimum[]): Optimum => points.reduce((a, b) => (b.error < a.error ? b : a));

/** What the rule of arXiv:2402.07712v2, Cor 5.3, needs to know. Noise is a standard deviation. */
export interface RuleProblem {
  readonly law: PowerLaw;
  readonly dimension: number;
  /** T and sigma. */
  readonly rows: number;
  readonly noise: number;
  /** T0, sigma0 and n; null for clean labels. */
  readonly generators: { readonly rows: number; readonly noise: number; readonly count: number } | null;
}

/**
 * The ridge by the paper's rule, or why it has none to give: T^-l_crit for clean labels, `T^-l*` behind generators, that is
 * `(T0/(n sigma0^2))^-l_crit` whatever T is, unless the noise of the last fit asks for more. A rule of order: constants
 * are 1.
 */
export function ruleRidge(problem: RuleProblem): { readonly ridge: number } | { readonly reason: string } {
  const { law, dimension, rows, noise, generators } = problem;
  if (!(law.beta > 1)) return { reason: `the rule needs a covariance exponent above 1, found ${law.beta}` };
  if (!(law.r > 0)) return { reason: 'the rule needs a truth that is smoother than this' };
  if (rows < 2) return { reason: 'the rule says nothing of a single row' };
  if (generators === null) return { ridge: rows ** -(noise > 0 ? criticalExponent(law) : law.beta) };
  if (generators.rows < dimension) return { reason: 'the rule needs generators with at least d rows' };
  const a = Math.log(generators.count * generators.noise ** 2) / Math.log(rows);
  const b = Math.log(generators.rows) / Math.log(rows);
  if (a > b) return { reason: 'the labels are noisier than the rule allows, n σ₀² > T₀' };
  return { ridge: rows ** -optimalExponent(law, a, b, noise > 0) };
}
