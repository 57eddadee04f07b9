import { exactTerm, restOfSeries } from './expansion.ts';
import { growingRoot } from './growing-root.ts';
import { mixtureTestError } from './mixture.ts';
import type { Prediction } from './prediction.ts';
import { isIsotropic, productTrace } from './spectrum.ts';
import { spectralSum, wishartSpectrum } from './wishart-spectrum.ts';

/**
 * Iterative mixing (arXiv:2410.04840v2, Sec. 3.3): a first model w2 = w1 + N(0, diag(shift)) labels n2 fresh rows; a fit to them
 * together with n1 real rows is the next model, and so on. The real rows are fresh or the same in each iteration.
 */
export interface IterativeProblem {
  /** Eigenvalues of Sigma, all positive, length d. */
  readonly spectrum: readonly number[];
  /** E[c_j^2] of the coordinates of w1. */
  readonly signal: readonly number[];
  /** Variance of each coordinate of the first model's error. */
  readonly shift: readonly number[];
  /** Noise is a standard deviation, here and below. */
  readonly real: { readonly rows: number; readonly noise: number; readonly design: 'fresh' | 'reused' };
  readonly synthetic: { readonly rows: number; readonly noise: number };
  readonly ridge: number;
  /** Number of fits, at least 1. */
  readonly iterations: number;
}

const PAPER = 'arXiv:2410.04840v2';

/** Mean of `||w - w1||_Sigma^2` of the last fit; null where no formula is known. */
export function iterativeTestError(problem: IterativeProblem): Prediction | null {
  const { real, synthetic, iterations } = problem;
  if (iterations === 1 || real.rows === 0 || synthetic.rows === 0 || real.design === 'fresh')
    return freshTestError(problem);
  return reusedTestError(problem);
}

/**
 * With fresh rows and without ridge the error of each model is all that the next one needs to know of it: Cor 3 with the moments of
 * one mixture, exact where they are.
 */
function freshTestError(problem: IterativeProblem): Prediction | null {
  const { iterations, ridge } = problem;
  const one = mixtureTestError(problem);
  if (one.kind !== 'value' || iterations === 1) return one;
  if (ridge > 0 || one.allowance > 0) return null;
  const terms = one.terms!;
  const first = shiftOf(problem);
  const passed = passedOn(problem);
  let [bias, collapse] = [terms.bias.value, passed * first];
  for (let t = 1; t < iterations; t++) {
    collapse = passed * (collapse + terms.variance.value);
    bias = terms.bias.value + passed * bias;
  }
  return {
    kind: 'value',
    ...exactTerm(bias + terms.variance.value + collapse),
    source: `${PAPER}, Cor 3 at finite size, exact`,
    terms: { bias: exactTerm(bias), variance: terms.variance, collapse: exactTerm(collapse) },
  };
}

/** tr Sigma Delta. */
const shiftOf = ({ spectrum, shift }: IterativeProblem) => productTrace(spectrum, shift);

/** What a mixture passes on of the error of the model that labels its synthetic rows. */
function passedOn(problem: IterativeProblem): number {
  const d = problem.spectrum.length;
  const unit = { ...problem, shift: problem.spectrum.map((s) => 1 / (s * d)) };
  const one = mixtureTestError(unit);
  return one.kind === 'value' ? one.terms!.collapse.value : Number.NaN;
}

/**
 * The same real rows in every iteration (docs/theory.md).
 *
 *     A     the Gram matrix of the real rows over n;  a_j its eigenvalues, for Sigma = I those of a Wishart matrix
 *     B     that of the synthetic rows, fresh in every iteration
 *     h     the fit to the real rows alone
 *     f     the distance of a model from h;  the next one has M f + noise, M = (A + lambda + B)^-1 B
 *
 * In the eigenbasis of A all second moments of f stay diagonal. Without ridge any Sigma is I in other coordinates.
 */
function reusedTestError(problem: IterativeProblem): Prediction | null {
  const { spectrum, real, synthetic, ridge, iterations } = problem;
  const d = spectrum.length;
  if (ridge === 0 ? real.rows < d : !isIsotropic(spectrum)) return null;
  if (ridge === 0 && real.rows <= d + 1 && real.noise > 0) return null;
  const rows = real.rows + synthetic.rows;
  const value = reusedError(problem, 'corrected');
  const leading = reusedError(problem, 'leading');
  // What the spectrum of A misses is of second order, what the B miss given A is of first.
  const spare = ridge > 0 ? rows : Math.max(real.rows - d, 0);
  const relative = [1 / spare, Math.abs(value / leading - 1)].reduce((sum, t) => sum + restOfSeries(t), 0);
  return {
    kind: 'value',
    value,
    allowance: value * relative,
    leading,
    source: `${PAPER}, iterative mixing with the same real data (docs/theory.md), ${iterations} fits`,
  };
}

/** In units of an eigenvalue s of Sigma where there is a ridge, of Sigma itself elsewhere. */
export function reusedError(problem: IterativeProblem, order: 'leading' | 'corrected'): number {
  const { spectrum, signal, real, synthetic, iterations } = problem;
  const d = spectrum.length;
  const n = real.rows + synthetic.rows;
  const [p1, p2] = [real.rows / n, synthetic.rows / n];
  const ridge = problem.ridge / spectrum[0]!;
  const { eigenvalues, weights } = wishartSpectrum(d, real.rows, order);
  const seen = eigenvalues.map((x) => p1 * x);
  const held = seen.map((x) => x + ridge);
  const rule = { eigenvalues: held, weights };
  const truth = productTrace(spectrum, signal) / d;
  // Of h - w1, for each direction.
  const missed = held.map((g, j) => {
    const ofNoise = real.noise === 0 ? 0 : ((real.noise ** 2 / n) * (seen[j]! / g)) / g;
    return ofNoise + (ridge === 0 ? 0 : (ridge / g) ** 2 * truth);
  });
  const e = effectiveWeight(rule, p2, n);
  const kept = held.map((g) => (p2 * e) / (g + p2 * e));
  const left = held.map((g) => g / (g + p2 * e));
  // n (1 - e^2 Q)/e, Q = p2 tr K^-2/n: by the equation of e the difference is this sum.
  const spare = weights.reduce((sum, w, j) => sum + (w * left[j]!) / (held[j]! + p2 * e), n);
  const spread = (p2 * e) / spare;
  let distance = missed.map((h) => shiftOf(problem) / d + h);
  for (let t = 0; t < iterations; t++) {
    const lost = weights.reduce((sum, w, j) => sum + w * left[j]! ** 2 * distance[j]!, 0);
    const added = spread * (lost + synthetic.noise ** 2);
    distance = distance.map((f, j) => f * kept[j]! ** 2 + added / (held[j]! + p2 * e) ** 2);
  }
  return weights.reduce((sum, w, j) => sum + w * (missed[j]! * (1 - 2 * kept[j]! ** iterations) + distance[j]!), 0);
}

/**
 * e = 1/(1 + tr (G + p2 e)^-1/n), as q = 1/e >= 1: what each of q, 1 and the trace is of q sums to 0 there, and grows with q less what
 * falls.
 */
function effectiveWeight(
  rule: { readonly eigenvalues: readonly number[]; readonly weights: readonly number[] },
  p2: number,
  n: number,
): number {
  const excess = (q: number) => ({
    value: 1 - 1 / q - spectralSum(rule, (g) => 1 / (g * q + p2)) / n,
    slope: 1 / q + spectralSum(rule, (g) => (g * q) / (g * q + p2) / (g * q + p2)) / n,
  });
  let high = 2;
  while (excess(high).value < 0 && high < 1e300) high *= high;
  return 1 / growingRoot(excess, 1, high);
}
