import { chainTerms, type ErrorTerms, type Stage, totalOf } from './complete.ts';
import { coordinatesOf } from './coordinates.ts';
import { correctedMoments } from './corrected-moments.ts';
import { exactMoments } from './exact-moments.ts';
import { exactTerm, expandedTerm } from './expansion.ts';
import type { FitMoments, MomentsOf } from './fit-moments.ts';
import { leadingMoments } from './leading-moments.ts';
import type { PredictedTerm, Prediction } from './prediction.ts';

/** One fit of a chain, on inputs that no other fit of it sees; without ridge of minimum norm. */
export interface ChainFit {
  readonly rows: number;
  readonly ridge: number;
  /** Variance of its label noise. */
  readonly variance: number;
}

/** A model that is trained on labels of a chain of other models, the first of which saw labels of w0. */
export interface Chain {
  /** Eigenvalues of Sigma, all positive, length d. */
  readonly spectrum: readonly number[];
  /** E[c_j^2] of the coordinates of w0 in the eigenbasis of Sigma, length d. */
  readonly signal: readonly number[];
  /** The last, whose test error is wanted, first. */
  readonly fits: readonly ChainFit[];
}

/** The last fit of a chain behind least-squares fits on rows of their own, as a recipe has them: the first of them first. */
export interface ChainProblem extends Pick<Chain, 'spectrum' | 'signal'> {
  readonly generators: readonly { readonly rows: number; readonly noise: number }[];
  /** The fit that is tested. Noise is a standard deviation, here and above. */
  readonly downstream: { readonly rows: number; readonly noise: number; readonly ridge: number };
}

export function chainOf({ spectrum, signal, generators, downstream }: ChainProblem): Chain {
  const { rows, ridge, noise } = downstream;
  const labellers = generators.map((fit): ChainFit => ({ rows: fit.rows, ridge: 0, variance: fit.noise ** 2 }));
  return { spectrum, signal, fits: [{ rows, ridge, variance: noise ** 2 }, ...labellers.toReversed()] };
}

/**
 * Mean of `||w - w0||_Sigma^2`, exact at finite size where every fit of the chain has exact moments, elsewhere with the
 * terms of order 1/T.
 *
 * @param source paper and theorem for captions.
 */
export function chainPrediction(chain: Chain, source: (exact: boolean) => string): Prediction {
  const reason = divergence(chain);
  if (reason !== null) return { kind: 'no-mean', reason };
  const stages = stagesOf(chain, (...fit) => exactMoments(...fit) ?? correctedMoments(...fit));
  const found = termsOf(chain, stages);
  const exact = stages.every((stage) => stage.moments.margin === Infinity);
  const leading = exact ? found : leadingTerms(chain);
  const predict = (term: (terms: ErrorTerms) => number, fits = stages): PredictedTerm => {
    const value = term(found);
    if (exact) return exactTerm(value);
    // The exact 1/(nu - 1) is a geometric series in 1/nu.
    const smallness = fits.map(({ moments }) => 1 / moments.margin);
    return expandedTerm(value, term(leading), smallness);
  };
  return {
    kind: 'value',
    ...predict(totalOf),
    source: exact ? source(true) : `${source(false)}, with terms of order 1/T`,
    terms: {
      bias: predict(({ bias }) => bias),
      variance: predict(({ variance }) => variance, stages.slice(0, 1)),
      collapse: predict(({ collapse }) => collapse),
    },
  };
}

/** The same to leading order, without the terms of order 1/T: the curves of the paper, for T0 >= d with T0 - d - 1. */
export function asymptoticChainError(chain: Chain): number {
  return totalOf(leadingTerms(chain));
}

function leadingTerms(chain: Chain): ErrorTerms {
  const stages = stagesOf(chain, (...fit) => exactMoments(...fit) ?? leadingMoments(...fit));
  return termsOf(chain, stages);
}

function termsOf({ spectrum, signal }: Chain, stages: readonly Stage[]): ErrorTerms {
  const { spectrum: few, columns } = coordinatesOf(spectrum, signal);
  return chainTerms(few, columns[0]!, stages);
}

/** Label noise passed through a minimum-norm fit has mean square d/(T-d-1) or T/(d-T-1): infinite for |T - d| <= 1. */
function divergence({ spectrum, fits }: Chain): string | null {
  const d = spectrum.length;
  const at = fits.findLastIndex(({ rows, ridge, variance }) => ridge === 0 && variance > 0 && Math.abs(rows - d) <= 1);
  if (at < 0) return null;
  const who = at === 0 ? 'the trained model' : 'the generator';
  return `${who} fits ${fits[at]!.rows} noisy rows in dimension ${d} without ridge: the mean error is infinite`;
}

/** Fits of the same shape have the same moments, which are worked out once. */
function stagesOf({ spectrum: all, signal, fits }: Chain, momentsOf: MomentsOf): readonly Stage[] {
  const { spectrum } = coordinatesOf(all, signal);
  const known = new Map<string, FitMoments>();
  return fits.map(({ rows, ridge, variance }) => {
    const key = `${rows} ${ridge}`;
    const moments = known.get(key) ?? momentsOf(spectrum, rows, ridge);
    known.set(key, moments);
    return { moments, variance };
  });
}
