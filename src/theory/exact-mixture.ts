import type { MixtureProblem, MixtureSource } from './mixture-problem.ts';
import { isIsotropic, productTrace } from './spectrum.ts';

interface ExactTerms {
  readonly bias: number;
  readonly variance: number;
  readonly collapse: number;
}

/**
 * The mean error of a mixture at finite size, where there is a closed form: without ridge, with one covariance for all and all
 * rows weighing the same, for n >= d with any spectrum and for n < d with all eigenvalues equal. `null` elsewhere.
 */
export function exactMixture(problem: MixtureProblem): ExactTerms | null {
  const { spectrum, ridge, features, real, synthetic } = problem;
  if (isSolved(problem)) return { bias: 0, variance: 0, collapse: 0 };
  const alike = ({ spectrum: own = spectrum }: MixtureSource) =>
    own === spectrum || own.every((s, j) => s === spectrum[j]);
  const present = [real, synthetic].filter(({ rows }) => rows > 0);
  const weights = new Set(present.map(({ weight = 1 }) => weight));
  if (ridge > 0 || features !== undefined || weights.size > 1 || !present.every(alike)) return null;
  const rows = real.rows + synthetic.rows;
  if (rows >= spectrum.length) return leastSquares(problem, rows);
  return isIsotropic(spectrum) ? minimumNorm(problem, rows) : null;
}

/** Whether there are rows enough for least squares to find the one model that explains all labels, by whatever weights. */
function isSolved({ spectrum, ridge, features, shift, real, synthetic }: MixtureProblem): boolean {
  const noisy = [real, synthetic].some(({ rows, noise }) => rows > 0 && noise > 0);
  const rows = real.rows + synthetic.rows;
  if (ridge > 0 || features !== undefined || rows < spectrum.length || noisy) return false;
  return synthetic.rows === 0 || shift.every((variance) => variance === 0);
}

/** Mean variance of the label noise over all rows. */
function meanNoise({ real, synthetic }: MixtureProblem, rows: number): number {
  return (real.rows * real.noise ** 2 + synthetic.rows * synthetic.noise ** 2) / rows;
}

/** tr Sigma Delta. */
const shiftOf = ({ spectrum, shift }: MixtureProblem) => productTrace(spectrum, shift);

function leastSquares(problem: MixtureProblem, rows: number): ExactTerms {
  const d = problem.spectrum.length;
  const noise = meanNoise(problem, rows);
  const shift = shiftOf(problem);
  return {
    bias: 0,
    variance: noise > 0 ? (noise * d) / (rows - d - 1) : 0,
    collapse: shift > 0 ? shift * passedShare(d, problem.real.rows, problem.synthetic.rows) : 0,
  };
}

/**
 * delta: how the models of n1 real and n2 synthetic rows differ. Least squares passes on M delta of it; this is the mean of |M delta|^2 / |delta|^2.
 *
 *     A, B  Gram matrices of either source: Wishart, of n1 and n2 degrees of freedom;  M = (A + B)^-1 B
 *     W     A + B, of n degrees
 *     U     W^-1/2 B W^-1/2, a matrix beta, independent of W;  E[U_ij U_kl] = a I_ij I_kl + b (I_ik I_jl + I_il I_jk)
 *
 * The mean is E tr(W U W^-1 U)/d. a and b follow from the moments of B = W^1/2 U W^1/2, and E tr W tr W^-1 = (n d - 2) d/(n - d - 1).
 */
export function passedShare(d: number, real: number, synthetic: number): number {
  const rows = real + synthetic;
  if (real === 0 || synthetic === 0) return synthetic === 0 ? 0 : 1;
  // E (tr W)^2 and E tr W^2 for n degrees of freedom.
  const [square, trace] = [(n: number) => n * d * (n * d + 2), (n: number) => n * d * (n + d + 1)];
  const [p, q] = [square(rows), trace(rows)];
  const [pSynthetic, qSynthetic] = [square(synthetic), trace(synthetic)];
  const determinant = p * (p + q) - 2 * q * q;
  const a = (pSynthetic * (p + q) - 2 * q * qSynthetic) / determinant;
  const b = d === 1 ? 0 : (p * qSynthetic - q * pSynthetic) / determinant;
  if (d === 1) return pSynthetic / p;
  return a + b * (1 + (rows * d - 2) / (rows - d - 1));
}

/**
 * XX', the n x n Gram matrix of the rows: the synthetic block of its inverse is the inverse of a Wishart matrix of d - n1 degrees. What the real
 * rows explain of the synthetic ones is another Wishart matrix, of n1 degrees, and independent of it; both add up to the synthetic block of XX'.
 */
function minimumNorm(problem: MixtureProblem, rows: number): ExactTerms {
  const d = problem.spectrum.length;
  const noise = meanNoise(problem, rows);
  const { spectrum, signal, synthetic } = problem;
  const norm = productTrace(spectrum, signal);
  const kept = synthetic.rows === rows ? 1 : (d - synthetic.rows - 1) / (d - rows - 1);
  const shift = shiftOf(problem);
  return {
    bias: norm * (1 - rows / d),
    variance: noise > 0 ? (noise * rows) / (d - rows - 1) : 0,
    collapse: shift > 0 && synthetic.rows > 0 ? (shift * synthetic.rows * kept) / d : 0,
  };
}
