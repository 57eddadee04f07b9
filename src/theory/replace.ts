import { chainError, type Stage } from './complete.ts';
import { correctedMoments } from './corrected-moments.ts';
import { exactMoments } from './exact-moments.ts';
import type { MomentsOf } from './fit-moments.ts';
import { leadingMoments } from './leading-moments.ts';
import type { Prediction } from './prediction.ts';

/** Replace: each generation is trained only on labels of the one before (arXiv:2402.07712v2, Sec. 3). */
export interface ReplaceProblem {
  /** Eigenvalues of Sigma, all positive, length d. */
  readonly spectrum: readonly number[];
  /** E[c_j^2] of the coordinates of w0 in the eigenbasis of Sigma, length d. */
  readonly signal: readonly number[];
  /** The ridgeless fits that make the labels; `reused` inputs are the same in every generation. */
  readonly generator: { readonly rows: number; readonly noise: number; readonly design: 'fresh' | 'reused' } | null;
  /** n; 0 means clean labels. */
  readonly generations: number;
  /** The fit that is tested. Noise is a standard deviation, here and above. */
  readonly downstream: { readonly rows: number; readonly noise: number; readonly ridge: number };
}

const PAPER = 'arXiv:2402.07712v2';

/**
 * Mean of `||w - w0||_Sigma^2`, exact at finite size where every fit of the chain has exact moments, elsewhere with the
 * terms of order 1/T.
 */
export function replaceTestError(problem: ReplaceProblem): Prediction {
  const reason = divergence(problem);
  if (reason !== null) return { kind: 'no-mean', reason };
  const chain = chainOf(problem, (...fit) => exactMoments(...fit) ?? correctedMoments(...fit));
  const value = chainError(problem.spectrum, problem.signal, chain);
  if (chain.every((stage) => stage.moments.margin === Infinity)) {
    return { kind: 'value', value, source: exactSource(problem), allowance: 0 };
  }
  const shift = Math.abs(value / asymptoticTestError(problem) - 1);
  const relative = chain.reduce((sum, stage) => sum + nextTerm(1 / stage.moments.margin), nextTerm(shift));
  return { kind: 'value', value, source: correctedSource(problem), allowance: value === 0 ? 0 : value * relative };
}

/** The same to leading order, without the terms of order 1/T: the curves of the paper, for T0 >= d with T0 - d - 1. */
export function asymptoticTestError(problem: ReplaceProblem): number {
  const chain = chainOf(problem, (...fit) => exactMoments(...fit) ?? leadingMoments(...fit));
  return chainError(problem.spectrum, problem.signal, chain);
}

/**
 * What follows 1 + t in a geometric series. Taken at the relative size of the terms of order 1/T, and, because those may
 * cancel, at each 1/nu, where the exact 1/(nu - 1) is such a series.
 */
function nextTerm(t: number): number {
  return t < 1 ? t ** 2 / (1 - t) : Infinity;
}

/** Label noise passed through a minimum-norm fit has mean square d/(T-d-1) or T/(d-T-1): infinite for |T - d| <= 1. */
function divergence({ spectrum, generator, generations, downstream }: ReplaceProblem): string | null {
  const isSquare = (rows: number) => Math.abs(rows - spectrum.length) <= 1;
  const say = (who: string, rows: number) =>
    `${who} fits ${rows} noisy rows in dimension ${spectrum.length} without ridge: the mean error is infinite`;
  if (generator && generations > 0 && generator.noise > 0 && isSquare(generator.rows)) {
    return say('the generator', generator.rows);
  }
  const { rows, noise, ridge } = downstream;
  return ridge === 0 && noise > 0 && isSquare(rows) ? say('the trained model', rows) : null;
}

/** The fits, last first. Fits on the same inputs are one projection that carries the noise of all of them. */
function chainOf(problem: ReplaceProblem, momentsOf: MomentsOf): readonly Stage[] {
  const { spectrum, generator, generations, downstream } = problem;
  const { rows, noise, ridge } = downstream;
  const last: Stage = { moments: momentsOf(spectrum, rows, ridge), variance: noise ** 2 };
  if (generator === null || generations === 0) return [last];
  const moments = momentsOf(spectrum, generator.rows, 0);
  const variance = generator.noise ** 2;
  if (generator.design === 'reused') return [last, { moments, variance: generations * variance }];
  return [last, ...Array<Stage>(generations).fill({ moments, variance })];
}

function exactSource(problem: ReplaceProblem): string {
  if (keepsTruth(problem) && problem.downstream.rows >= problem.spectrum.length) return `${PAPER}, Thm 4.1, exact`;
  return `${PAPER}, Thms 4.8 and 4.9, exact by rotation invariance`;
}

function correctedSource(problem: ReplaceProblem): string {
  const theorem = problem.generator?.design === 'reused' ? 'Thms 4.3 and 4.6' : 'Thm 4.3';
  const clean = problem.generations === 0 || problem.generator === null ? 'Prop 4.5' : 'Prop 4.5 and Cor 4.7';
  return `${PAPER}, ${keepsTruth(problem) ? clean : theorem}, with terms of order 1/T`;
}

/** Whether the labels still determine w0 but for noise. */
function keepsTruth({ spectrum, generator, generations }: ReplaceProblem): boolean {
  return generator === null || generations === 0 || generator.rows >= spectrum.length;
}
