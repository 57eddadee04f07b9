import { asymptoticChainError, type Chain, type ChainFit, chainOf, chainPrediction, type NoisyFit } from './chain.ts';
import type { Prediction } from './prediction.ts';

/** Replace: each generation is trained only on labels of the one before (arXiv:2402.07712v2, Sec. 3). */
export interface ReplaceProblem {
  /** Eigenvalues of Sigma, all positive, length d. */
  readonly spectrum: readonly number[];
  /** E[c_j^2] of the coordinates of w0 in the eigenbasis of Sigma, length d. */
  readonly signal: readonly number[];
  /** The fits that make the labels; `reused` inputs, and random features, are the same in every generation, and several have no ridge. */
  readonly generator: (NoisyFit & { readonly design: 'fresh' | 'reused' }) | null;
  /** n; 0 means clean labels. */
  readonly generations: number;
  /** The fit that is tested. Noise is a standard deviation, here and above. */
  readonly downstream: { readonly rows: number; readonly noise: number; readonly ridge: number };
}

const PAPER = 'arXiv:2402.07712v2';

/** Mean of `||w - w0||_Sigma^2`. */
export function replaceTestError(problem: ReplaceProblem): Prediction {
  return chainPrediction(chainIn(problem), (exact) => `${PAPER}, ${exact ? exactly(problem) : nearly(problem)}`);
}

/** The same to leading order: the curves of the paper, for T0 >= d with T0 - d - 1. */
export function asymptoticTestError(problem: ReplaceProblem): number {
  return asymptoticChainError(chainIn(problem));
}

/** Least squares on reused inputs, and features, is one projection, which carries the noise of all generators. */
function chainIn({ generator, generations, ...problem }: ReplaceProblem): Chain {
  if (generator === null || generations === 0) return chainOf({ ...problem, generators: [] });
  const { design, ...fit } = generator;
  if (design === 'fresh') return chainOf({ ...problem, generators: Array<NoisyFit>(generations).fill(fit) });
  const { fits, ...setting } = chainOf({ ...problem, generators: [fit] });
  const [last, one] = fits as readonly [ChainFit, ChainFit];
  return { ...setting, fits: [last, { ...one, variance: generations * one.variance }] };
}

function exactly(problem: ReplaceProblem): string {
  if (keepsTruth(problem) && problem.downstream.rows >= problem.spectrum.length) return 'Thm 4.1, exact';
  return 'Thms 4.8 and 4.9, exact by rotation invariance';
}

function nearly(problem: ReplaceProblem): string {
  const { generator } = problem;
  if (generator?.ridge || generator?.features !== undefined)
    return 'Thm 4.3, for generators of their own ridge and features';
  const theorem = problem.generator?.design === 'reused' ? 'Thms 4.3 and 4.6' : 'Thm 4.3';
  const clean = problem.generations === 0 || problem.generator === null ? 'Prop 4.5' : 'Prop 4.5 and Cor 4.7';
  return keepsTruth(problem) ? clean : theorem;
}

/** Whether the labels still determine w0 but for noise. */
function keepsTruth({ spectrum, generator, generations }: ReplaceProblem): boolean {
  const { rows = 0, ridge = 0, features = Infinity } = generator ?? {};
  const d = spectrum.length;
  return generator === null || generations === 0 || (rows >= d && features >= d && ridge === 0);
}
