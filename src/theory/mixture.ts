import { coordinatesOf } from './coordinates.ts';
import { exactMixture } from './exact-mixture.ts';
import { exactTerm, expandedTerm, resummed, sumOfTerms } from './expansion.ts';
import type { Causes, MixtureMoments, Shape } from './mixture-moments.ts';
import type { MixtureProblem, MixtureSource } from './mixture-problem.ts';
import type { PredictedTerm, Prediction } from './prediction.ts';
import { rememberedMoments } from './remembered-moments.ts';

const PAPER = 'arXiv:2410.04840v2';

type TermName = 'bias' | 'variance' | 'collapse';

/**
 * Mean of `||w - w1||_Sigma^2`. Bias B, variance V of the label noise and collapse term zeta of Thms 1 and 2, of Prop 2 and
 * of the weighted mixtures of eq. (16): exact at finite size where there is a closed form, elsewhere with terms of order 1/n.
 */
export function mixtureTestError(problem: MixtureProblem): Prediction {
  const sound = simplified(problem);
  const reason = divergence(sound);
  if (reason !== null) return { kind: 'no-mean', reason };
  const exact = exactMixture(sound);
  const few = exact === null ? fewerCoordinates(sound) : sound;
  const moments = exact === null ? rememberedMoments(shapeOf(few)) : null;
  const terms = eachTerm((name) => (exact ? exactTerm(exact[name]) : expanded(moments!, few, name)));
  return {
    kind: 'value',
    ...sumOfTerms(terms),
    source: exact ? `${PAPER}, ${theoremOf(sound)}, exact` : `${PAPER}, ${theoremOf(sound)}, with terms of order 1/n`,
    terms,
  };
}

/** The same to leading order: the formulas of the paper, where they are right. */
export function asymptoticMixtureTerms(problem: MixtureProblem): Readonly<Record<TermName, number>> {
  const sound = fewerCoordinates(simplified(problem));
  const moments = rememberedMoments(shapeOf(sound));
  return eachTerm((name) => moments.error(causesOf(sound, name)).leading);
}

/**
 * Without rows that weigh nothing; without weights where the fit goes through all labels; without features where least squares can
 * take any value on them.
 */
function simplified(problem: MixtureProblem): MixtureProblem {
  const without = (source: MixtureSource) => (source.weight === 0 ? { ...source, rows: 0, weight: 1 } : source);
  const [real, synthetic] = [without(problem.real), without(problem.synthetic)];
  const { features = Infinity, ...plain } = problem;
  const [dimension, rows] = [problem.spectrum.length, real.rows + synthetic.rows];
  if (problem.ridge === 0 && rows >= dimension && features >= dimension) return { ...plain, real, synthetic };
  if (problem.ridge > 0 || rows >= Math.min(dimension, features)) return { ...problem, real, synthetic };
  return { ...problem, real: { ...real, weight: 1 }, synthetic: { ...synthetic, weight: 1 } };
}

/** A problem whose lists have entries for several coordinates each. */
interface CountedProblem extends MixtureProblem {
  readonly counts?: readonly number[];
}

function fewerCoordinates(problem: MixtureProblem): CountedProblem {
  const { signal, shift, real, synthetic } = problem;
  const own = [real, synthetic].flatMap((source) => (source.spectrum ? [source.spectrum] : []));
  const { spectrum, columns } = coordinatesOf(problem.spectrum, signal, shift, ...own);
  const [fewSignal, fewShift, ...spectra] = columns;
  const source = (of: MixtureSource): MixtureSource => (of.spectrum ? { ...of, spectrum: spectra.shift()! } : of);
  return {
    ...problem,
    spectrum: spectrum.values,
    counts: spectrum.counts,
    signal: fewSignal!,
    shift: fewShift!,
    real: source(real),
    synthetic: source(synthetic),
  };
}

const sourcesOf = ({ real, synthetic }: MixtureProblem) => [real, synthetic];

function shapeOf(problem: CountedProblem): Shape {
  const { spectrum, counts, ridge, features = null } = problem;
  const sources = sourcesOf(problem);
  const rows = sources.reduce((sum, source) => sum + source.rows, 0);
  const weights = sources.reduce((sum, { rows: own, weight = 1 }) => sum + own * weight, 0);
  return {
    test: spectrum,
    counts,
    rows,
    ridge,
    features,
    sources: sources.map((source) => ({
      share: source.rows / rows,
      weight: ((source.weight ?? 1) * rows) / weights,
      spectrum: source.spectrum ?? spectrum,
    })),
  };
}

function causesOf({ signal, shift, real, synthetic }: MixtureProblem, name: TermName): Causes {
  const none = signal.map(() => 0);
  return {
    signal: name === 'bias' ? signal : none,
    shift: name === 'collapse' ? shift : none,
    noise: name === 'variance' ? [real.noise ** 2, synthetic.noise ** 2] : [0, 0],
  };
}

/** With the next order; small are 1/n for each source and 1/m, over the distance from the threshold, as for each fit of a chain. */
function expanded(moments: MixtureMoments, problem: MixtureProblem, name: TermName): PredictedTerm {
  const causes = causesOf(problem, name);
  if ([causes.signal, causes.shift, causes.noise].every((list) => list.every((x) => x === 0))) return exactTerm(0);
  const { leading, correction } = moments.error(causes);
  if (leading === 0) return exactTerm(0);
  const t = correction / leading;
  // As for one fit, where the quotient is exact without ridge.
  const value = leading * (name === 'bias' ? 1 + t : resummed(t));
  return expandedTerm(value, leading, moments.smallness);
}

function eachTerm<T>(term: (name: TermName) => T): Readonly<Record<TermName, T>> {
  return { bias: term('bias'), variance: term('variance'), collapse: term('collapse') };
}

/** As many rows as unknowns, but for one, leave the noisy without a mean, as in `chain.ts`. */
function divergence(problem: MixtureProblem): string | null {
  const { spectrum, ridge, features = Infinity } = problem;
  if (ridge > 0 || !hasScatter(problem)) return null;
  const unknowns = Math.min(spectrum.length, features);
  const rows = sourcesOf(problem).reduce((sum, source) => sum + source.rows, 0);
  if (Math.abs(rows - unknowns) > 1) return null;
  const of = features < spectrum.length ? `on ${features} features` : `in dimension ${spectrum.length}`;
  return `the model fits ${rows} rows that no one model explains ${of} without ridge: the mean error is infinite`;
}

/** Whether no one model explains all labels. */
function hasScatter({ spectrum, shift, real, synthetic, features = Infinity }: MixtureProblem): boolean {
  if (features < spectrum.length) return true;
  const noisy = [real, synthetic].some(({ rows, noise }) => rows > 0 && noise > 0);
  return noisy || (real.rows > 0 && synthetic.rows > 0 && shift.some((variance) => variance > 0));
}

function theoremOf({ real, synthetic, features }: MixtureProblem): string {
  const weighted = (real.weight ?? 1) !== (synthetic.weight ?? 1);
  const unequal = real.spectrum !== undefined || synthetic.spectrum !== undefined;
  if (features !== undefined) return weighted || unequal ? 'Thm 2, generalised' : 'Thm 2, corrected';
  if (weighted) return 'eq. (16) by Prop 2';
  return unequal ? 'Prop 2' : 'Thm 1';
}
