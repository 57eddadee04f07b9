import { chainError, type Stage } from './complete.ts';
import { correctedMoments } from './corrected-moments.ts';
import { exactMoments } from './exact-moments.ts';
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

/** Mean of `||w - w0||_Sigma^2`, exact at finite size wherever every fit of the chain has exact moments. */
export function replaceTestError(problem: ReplaceProblem): Prediction {
  const reason = divergence(problem);
  if (reason !== null) return { kind: 'no-mean', reason };
  const chain = chainOf(problem);
  const value = chainError(problem.spectrum, problem.signal, chain);
  const relative = chain.reduce((sum, stage) => sum + stage.moments.allowance, 0);
  const allowance = relative === 0 || value === 0 ? 0 : value * relative;
  return { kind: 'value', value, source: sourceOf(problem, relative === 0), allowance };
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
function chainOf({ spectrum, generator, generations, downstream }: ReplaceProblem): readonly Stage[] {
  const last = stage(spectrum, downstream.rows, downstream.ridge, downstream.noise ** 2);
  if (generator === null || generations === 0) return [last];
  if (generator.design === 'reused') {
    return [last, stage(spectrum, generator.rows, 0, generations * generator.noise ** 2)];
  }
  return [last, ...Array<Stage>(generations).fill(stage(spectrum, generator.rows, 0, generator.noise ** 2))];
}

function stage(spectrum: readonly number[], rows: number, ridge: number, variance: number): Stage {
  return { moments: exactMoments(spectrum, rows, ridge) ?? correctedMoments(spectrum, rows, ridge), variance };
}

function sourceOf({ spectrum, generator, generations, downstream }: ReplaceProblem, exact: boolean): string {
  const paper = 'arXiv:2402.07712v2';
  const lossless = generator === null || generations === 0 || generator.rows >= spectrum.length;
  if (exact && lossless && downstream.rows >= spectrum.length) return `${paper}, Thm 4.1, exact`;
  if (exact) return `${paper}, Thms 4.8 and 4.9, exact by rotation invariance`;
  if (generator === null || generations === 0) return `${paper}, Prop 4.5, corrected to order 1/T`;
  if (lossless) return `${paper}, Prop 4.5 and Cor 4.7, corrected to order 1/T`;
  if (generator.design === 'reused') return `${paper}, Thms 4.3 and 4.6, corrected to order 1/T`;
  return `${paper}, Thm 4.3, corrected to order 1/T`;
}
