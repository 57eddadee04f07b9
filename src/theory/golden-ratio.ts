import { exactTerm, expandedTerm, sumOfTerms } from './expansion.ts';
import { kappa, margin } from './fixed-point.ts';
import type { PredictedTerm, Prediction } from './prediction.ts';
import { leastSquaresError } from './ridgeless.ts';
import { isIsotropic, productTrace } from './spectrum.ts';
import { spectralSum, wishartSpectrum } from './wishart-spectrum.ts';

/**
 * Mixing real and synthetic labels of the same inputs (arXiv:2502.18049, arXiv:2509.22341): the first fit is to real labels;
 * each later one to w times fresh real labels and 1 - w times labels of the model before it.
 */
export interface GoldenRatioProblem {
  /** Eigenvalues of Sigma, all positive, length d. */
  readonly spectrum: readonly number[];
  /** E[c_j^2] of the coordinates of w0. */
  readonly signal: readonly number[];
  readonly rows: number;
  /** w, 0..1. */
  readonly weight: number;
  /** Standard deviations of the noise of real and of synthetic labels. */
  readonly realNoise: number;
  readonly syntheticNoise: number;
  readonly ridge: number;
  /** Rounds of mixing; 0 is the fit to real labels. */
  readonly rounds: number;
}

/** Mean of `||w - w0||_Sigma^2`: exact without ridge; null with one unless Sigma is a multiple of I, and for n < d likewise. */
export function goldenRatioTestError(problem: GoldenRatioProblem): Prediction | null {
  const { spectrum, rows, ridge, realNoise, syntheticNoise } = problem;
  const d = spectrum.length;
  if (!isIsotropic(spectrum) && (ridge > 0 || rows < d)) return null;
  if (ridge === 0 && Math.abs(rows - d) <= 1 && (realNoise > 0 || syntheticNoise > 0)) {
    const reason = `the model fits ${rows} noisy rows in dimension ${d} without ridge: the mean error is infinite`;
    return { kind: 'no-mean', reason };
  }
  const terms = ridge > 0 ? ridgeTerms(problem) : leastSquaresTerms(problem);
  return {
    kind: 'value',
    ...sumOfTerms(terms),
    source: ridge > 0 ? 'arXiv:2509.22341v1, at any round' : 'arXiv:2502.18049v5, at any round, exact',
    terms,
  };
}

type Terms = Readonly<Record<'bias' | 'variance' | 'collapse', PredictedTerm>>;

/**
 * One direction of the design, of eigenvalue s. `kept`: s/(s + lambda), the share of its labels that a fit keeps. `lost`: the rest.
 *
 * Returns, after all rounds: `missed`, the square of the share of w0 that the mean lacks, which grows with the rounds; `last`, the variance of the
 * label noise of the last fit; `before`, what is left in its labels of the noise of all fits before it.
 */
function directionTerms(
  { weight: w, realNoise, syntheticNoise, rounds }: GoldenRatioProblem,
  kept: number,
  lost: number,
) {
  const fresh = w ** 2 * realNoise ** 2 + (1 - w) ** 2 * syntheticNoise ** 2;
  let [missed, last, before] = [lost, realNoise ** 2, 0];
  for (let t = 0; t < rounds; t++) {
    missed = lost + kept * (1 - w) * missed;
    before = ((1 - w) * kept) ** 2 * (last + before);
    last = fresh;
  }
  return { missed: missed ** 2, last, before };
}

function leastSquaresTerms(problem: GoldenRatioProblem): Terms {
  const { spectrum, signal, rows } = problem;
  const d = spectrum.length;
  const { last, before } = directionTerms(problem, 1, 0);
  const unit = rows >= d ? leastSquaresError(d, rows, 1) : leastSquaresError(rows, d, 1);
  const norm = productTrace(spectrum, signal);
  return {
    bias: exactTerm(Math.max(0, 1 - rows / d) * norm),
    variance: exactTerm(last > 0 ? last * unit : 0),
    collapse: exactTerm(before > 0 ? before * unit : 0),
  };
}

/** Sums over the eigenvalues of X'X/n, each direction for itself. */
function ridgeTerms(problem: GoldenRatioProblem): Terms {
  const { spectrum, signal, rows } = problem;
  const d = spectrum.length;
  const ridge = problem.ridge / spectrum[0]!;
  const norm = productTrace(spectrum, signal) / d;
  const unit = { values: [1], counts: [d], dimension: d };
  const nu = margin(unit, rows, kappa(unit, rows, ridge));
  const [leading, corrected] = (['leading', 'corrected'] as const).map((order) => wishartSpectrum(d, rows, order));
  const term = (f: (eigenvalue: number) => number): PredictedTerm => {
    const [first, value] = [spectralSum(leading!, f), spectralSum(corrected!, f)];
    return first === 0 ? exactTerm(0) : expandedTerm(value, first, [1 / nu]);
  };
  const at = (s: number) => directionTerms(problem, s / (s + ridge), ridge / (s + ridge));
  const noise = (s: number) => s / (s + ridge) / (rows * (s + ridge));
  return {
    bias: term((s) => norm * at(s).missed),
    variance: term((s) => noise(s) * at(s).last),
    collapse: term((s) => noise(s) * at(s).before),
  };
}
