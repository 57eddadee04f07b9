import { type Chain, type ChainFit, chainPrediction } from './chain.ts';
import { exactTerm, expandedTerm, sumOfTerms } from './expansion.ts';
import { kappa, margin } from './fixed-point.ts';
import type { PredictedTerm, Prediction } from './prediction.ts';
import { leastSquaresError } from './ridgeless.ts';
import { isIsotropic, productTrace } from './spectrum.ts';
import { spectralSum, wishartSpectrum } from './wishart-spectrum.ts';

/**
 * Self-distillation (arXiv:2407.04600, arXiv:2602.17565): a ridge fit to labels y of the truth, then fits of the same ridge to (1 - xi) y + xi times
 * what the fit before says, xi any real number; on the same rows and the same y, or on fresh ones each time.
 */
export interface SelfDistillationProblem {
  /** Eigenvalues of Sigma, all positive, length d. */
  readonly spectrum: readonly number[];
  /** E[c_j^2] of the coordinates of w0. */
  readonly signal: readonly number[];
  readonly rows: number;
  /** Standard deviation of the noise of y. */
  readonly noise: number;
  readonly ridge: number;
  /** xi. */
  readonly imitation: number;
  /** Fits after the first. */
  readonly steps: number;
  readonly design: 'fresh' | 'reused';
}

const PAPER = 'arXiv:2602.17565v1';

/** Mean of `||w - w0||_Sigma^2`; null on the same rows where Sigma is no multiple of I and there is a ridge or T < d. */
export function selfDistillationTestError(problem: SelfDistillationProblem): Prediction | null {
  return problem.design === 'fresh' ? onFreshRows(problem) : onTheSameRows(problem);
}

/** A chain in the labels of which the truth has the share 1 - xi, with as much of the noise. */
function onFreshRows({ spectrum, signal, rows, noise, ridge, imitation, steps }: SelfDistillationProblem): Prediction {
  const first: ChainFit = { rows, ridge, variance: noise ** 2 };
  const later: ChainFit = { rows, ridge, variance: ((1 - imitation) * noise) ** 2, share: imitation };
  const chain: Chain = { spectrum, signal, fits: [...Array<ChainFit>(steps).fill(later), first] };
  const prediction = chainPrediction(chain, (exact) => `${PAPER}, on fresh rows${exact ? ', exact' : ''}`);
  if (prediction.kind !== 'value') return prediction;
  const { terms: _, ...whole } = prediction;
  return whole;
}

/**
 * Each eigenvector of X'X/T goes its own way: with k = s/(s + lambda) what is left of w0 and of the noise of y obeys f_0 = k,
 * f_t = k (1 - xi + xi f_{t-1}). The mean error is |w0|^2 <(1 - f)^2> + sigma^2 (d/T) <f^2/s> over the spectrum.
 */
function onTheSameRows(problem: SelfDistillationProblem): Prediction | null {
  const { spectrum, signal, rows, noise, ridge } = problem;
  const d = spectrum.length;
  if (!isIsotropic(spectrum) && (ridge > 0 || rows < d)) return null;
  const norm = productTrace(spectrum, signal);
  if (ridge > 0) return { kind: 'value', ...ridgeError(problem, norm), source: `${PAPER}, on the same rows` };
  if (noise > 0 && Math.abs(rows - d) <= 1) {
    const reason = `the model fits ${rows} noisy rows in dimension ${d} without ridge: the mean error is infinite`;
    return { kind: 'no-mean', reason };
  }
  // f = 1 on what the rows span, whatever xi.
  const scatter = rows >= d ? leastSquaresError(d, rows, noise) : leastSquaresError(rows, d, noise);
  const value = Math.max(0, 1 - rows / d) * norm + (noise > 0 ? scatter : 0);
  return { kind: 'value', value, allowance: 0, source: `${PAPER}, on the same rows, exact` };
}

function ridgeError(problem: SelfDistillationProblem, norm: number): PredictedTerm {
  const { spectrum, rows, noise, imitation, steps } = problem;
  const d = spectrum.length;
  const ridge = problem.ridge / spectrum[0]!;
  const unit = { values: [1], counts: [d], dimension: d };
  const nu = margin(unit, rows, kappa(unit, rows, ridge));
  const [leading, corrected] = (['leading', 'corrected'] as const).map((order) => wishartSpectrum(d, rows, order));
  const term = (f: (eigenvalue: number) => number): PredictedTerm => {
    const [first, value] = [spectralSum(leading!, f), spectralSum(corrected!, f)];
    return first === 0 ? exactTerm(0) : expandedTerm(value, first, [1 / nu]);
  };
  /** 1 - f, and f/k: what of the labels that the fit sees is that of y. */
  const passed = (s: number) => {
    const [kept, lost] = [s / (s + ridge), ridge / (s + ridge)];
    let [missed, seen] = [lost, 1];
    for (let t = 0; t < steps; t++) {
      seen = 1 - imitation + imitation * kept * seen;
      missed = lost + kept * imitation * missed;
    }
    return { missed, seen };
  };
  return sumOfTerms({
    bias: term((s) => (norm / d) * passed(s).missed ** 2),
    variance: term((s) => ((noise * passed(s).seen) ** 2 * s) / (rows * (s + ridge) ** 2)),
    collapse: exactTerm(0),
  });
}
