import { chainTerms, type ErrorTerms, type Stage, totalOf } from './complete.ts';
import { type Coordinates, coordinatesOf } from './coordinates.ts';
import { correctedMoments } from './corrected-moments.ts';
import { type DescentShape, descentMoments, diverges } from './descent-moments.ts';
import { exactMoments } from './exact-moments.ts';
import { exactTerm, expandedTerm } from './expansion.ts';
import type { FitMoments } from './fit-moments.ts';
import { leadingMoments } from './leading-moments.ts';
import type { PredictedTerm, Prediction } from './prediction.ts';
import { projectedMoments } from './projected-moments.ts';
import { type Eigenvalues, isIsotropic } from './spectrum.ts';

/** What a fit of a chain may have of its own. */
export interface OwnShape {
  /** Eigenvalues of the covariance of its rows, length d, where it is not that of the inputs tested on. */
  readonly spectrum?: readonly number[] | undefined;
  /** m, where the fit is made on S'x with S of d x m, entries N(0, 1/d). */
  readonly features?: number | undefined;
  /** One pass of stochastic gradient descent in place of the minimiser. */
  readonly descent?: DescentShape | undefined;
}

/** One fit of a chain, on inputs that no other fit of it sees; without ridge of minimum norm. */
export interface ChainFit extends OwnShape {
  readonly rows: number;
  readonly ridge: number;
  /** Variance of its label noise. */
  readonly variance: number;
  /** Of the model before in its labels, of which the truth makes the rest; any real number, 1 where absent. */
  readonly share?: number;
}

/** A model that is trained on labels of a chain of other models, the first of which saw labels of w0. */
export interface Chain {
  /** Eigenvalues of Sigma, all positive, length d. */
  readonly spectrum: readonly number[];
  /** E[c_j^2] of the coordinates of w0 in the eigenbasis of Sigma, length d. */
  readonly signal: readonly number[];
  /** Of the coordinates of w0 in what labels the first fit, any real numbers, length d; 1 where absent. */
  readonly factors?: readonly number[] | undefined;
  /** The last, whose test error is wanted, first. */
  readonly fits: readonly ChainFit[];
}

/** A fit as a recipe has it: noise is a standard deviation, and no ridge is least squares. */
export interface NoisyFit extends OwnShape {
  readonly rows: number;
  readonly noise: number;
  readonly ridge?: number | undefined;
}

/** The last fit of a chain behind fits on rows of their own, as a recipe has them: the first of them first. */
export interface ChainProblem extends Pick<Chain, 'spectrum' | 'signal'> {
  readonly generators: readonly NoisyFit[];
  /** The fit that is tested. */
  readonly downstream: NoisyFit;
}

export function chainOf({ spectrum, signal, generators, downstream }: ChainProblem): Chain {
  const fitOf = ({ noise, ridge = 0, ...fit }: NoisyFit): ChainFit => ({ ...fit, ridge, variance: noise ** 2 });
  return { spectrum, signal, fits: [fitOf(downstream), ...generators.map(fitOf).toReversed()] };
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
  const stages = stagesOf(chain, 'corrected');
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
  const stages = stagesOf(chain, 'leading');
  return termsOf(chain, stages);
}

function termsOf(chain: Chain, stages: readonly Stage[]): ErrorTerms {
  const { spectrum, columns } = coordinatesOf(chain.spectrum, ...columnsOf(chain));
  const factors = chain.factors && columns.at(-1)!;
  const given = factors ? [{ moments: scaledMoments(factors), variance: 0 }] : [];
  return chainTerms(spectrum, columns[0]!, [...stages, ...given]);
}

/** The second moments of w0, the spectra that fits have of their own, and the factors of what labels the first. */
function columnsOf({ signal, fits, factors }: Chain): readonly (readonly number[])[] {
  return [signal, ...ownSpectra(fits), ...(factors ? [factors] : [])];
}

const ownSpectra = (fits: readonly ChainFit[]) => [
  ...new Set(fits.flatMap(({ spectrum }) => (spectrum ? [spectrum] : []))),
];

/** A truth scaled by coordinate, as if a fit had made it. */
function scaledMoments(factors: readonly number[]): FitMoments {
  const lost = factors.map((f) => 1 - f);
  return {
    mean: factors,
    lost,
    missed: (b) => b.map((value, j) => lost[j]! ** 2 * value),
    kept: (b) => b.map((value, j) => factors[j]! ** 2 * value),
    crossed: (b) => b.map((value, j) => factors[j]! * lost[j]! * value),
    noise: factors.map(() => 0),
    margin: Infinity,
  };
}

/**
 * Label noise passed through a minimum-norm fit has mean square d/(T-d-1) or T/(d-T-1): infinite for |T - d| <= 1. On fewer features than
 * dimensions there is noise in any labels.
 */
function divergence({ spectrum, fits }: Chain): string | null {
  const d = spectrum.length;
  const unknowns = ({ features = d }: ChainFit) => Math.min(d, features);
  const wild = fits.findLastIndex((fit) => fit.descent && diverges(fit.spectrum ?? spectrum, fit.descent));
  if (wild >= 0)
    return (
      `${wild === 0 ? 'the trained model' : 'the generator'} descends at a rate of ${fits[wild]!.descent!.rate}, too fast: ` +
      'its mean square grows from step to step, carried by ever fewer trials'
    );
  const at = fits.findLastIndex(
    (fit) =>
      !fit.descent &&
      fit.ridge === 0 &&
      (fit.variance > 0 || unknowns(fit) < d) &&
      Math.abs(fit.rows - unknowns(fit)) <= 1,
  );
  if (at < 0) return null;
  const who = at === 0 ? 'the trained model' : 'the generator';
  const where = unknowns(fits[at]!) < d ? `on ${unknowns(fits[at]!)} features` : `in dimension ${d}`;
  return `${who} fits ${fits[at]!.rows} noisy rows ${where} without ridge: the mean error is infinite`;
}

type Order = 'leading' | 'corrected';

/** Numbers of moments that are kept of a spectrum: the places of a figure's curve are the same in all its series. */
const MOST_KEPT = 2 ** 19;

const keptMoments = new WeakMap<Coordinates, Map<string, FitMoments>>();

/** By shape of the fit. `coordinatesOf` gives the same object again, as long as it is asked for few others. */
function momentsKnownOf(coordinates: Coordinates): Map<string, FitMoments> {
  const known = keptMoments.get(coordinates) ?? new Map<string, FitMoments>();
  if (known.size * coordinates.spectrum.values.length > MOST_KEPT) known.clear();
  keptMoments.set(coordinates, known);
  return known;
}

/** Fits of the same shape have the same moments, which are worked out once. */
function stagesOf(chain: Chain, order: Order): readonly Stage[] {
  const coordinates = coordinatesOf(chain.spectrum, ...columnsOf(chain));
  const { spectrum, columns } = coordinates;
  const own = new Map(ownSpectra(chain.fits).map((list, i) => [list, columns[i + 1]!]));
  // Minimum norm is known exactly where all is alike in all directions.
  const isAlike = [spectrum.values, ...own.values()].every(isIsotropic);
  const known = momentsKnownOf(coordinates);
  return chain.fits.map((fit) => {
    const values = fit.spectrum ? own.get(fit.spectrum)! : spectrum.values;
    const { rows, ridge, features, descent } = fit;
    const key = JSON.stringify([order, rows, ridge, features, descent, fit.spectrum && columns.indexOf(values)]);
    const moments = known.get(key) ?? momentsOf({ ...spectrum, values }, fit, order, isAlike);
    known.set(key, moments);
    return { moments, variance: fit.variance, ...(fit.share !== undefined && { share: fit.share }) };
  });
}

function momentsOf(spectrum: Eigenvalues, fit: ChainFit, order: Order, isAlike: boolean): FitMoments {
  const { rows, ridge, features, descent } = fit;
  if (descent) return descentMoments(spectrum, rows, descent);
  const d = 'counts' in spectrum ? spectrum.dimension : spectrum.length;
  if (features !== undefined && !(ridge === 0 && rows >= d && features >= d))
    return projectedMoments(spectrum, { rows, ridge, features }, order);
  const exact = rows >= d || isAlike ? exactMoments(spectrum, rows, ridge) : null;
  return exact ?? (order === 'leading' ? leadingMoments : correctedMoments)(spectrum, rows, ridge);
}
