import { z } from 'zod';
import { axis, type Resolved } from '../experiment/axis.ts';
import { finite, integer, nonNegative, positive } from '../experiment/numbers.ts';
import type { Problem } from '../experiment/problem.ts';
import { powers } from '../reference/power.ts';
import { remembering } from '../reference/remember.ts';
import { type PowerLaw, signalDecay, sourceOf } from '../theory/scaling-law.ts';
import { extremesOf, productTrace } from '../theory/spectrum.ts';
import { type Amplitude, amplitudeProblems } from './range.ts';
import type { Fit, LinearRecipe, Truth } from './recipe.ts';

/** Pieces of the schema that regimes of linear regression share, and what the pieces mean. All in the eigenbasis of Sigma. */

/** A list of d numbers never gets longer than memory, and no kernel goes further. */
export const largestDimension = 1_000_000;

export const dimension = axis(integer(1, largestDimension)).describe('d, number of features');

const trace = axis(positive()).optional().describe('rescales the eigenvalues so that they sum to it');
export const values = (inner: z.ZodNumber) => z.array(inner).min(1, { error: 'at least one value' });

/** A covariance without a default. */
export const anyCovariance = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('isotropic'), trace }),
  z.strictObject({
    kind: z.literal('power-law'),
    exponent: axis(finite()).describe('beta of s_j = j^-beta'),
    trace,
  }),
  z.strictObject({ kind: z.literal('eigenvalues'), values: values(positive()), trace }),
]);

export const covariance = anyCovariance.prefault({ kind: 'isotropic' }).describe('covariance Sigma of the inputs');

export const truth = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('sphere'), norm: axis(nonNegative()).prefault(1).describe('length of w0') }),
    z.strictObject({ kind: z.literal('power-law'), exponent: axis(finite()).describe('delta of c_j = j^(-delta/2)') }),
    z.strictObject({
      kind: z.literal('source'),
      smoothness: axis(finite()).describe('r of delta = 1 + beta (2 r - 1), for eigenvalues j^-beta'),
    }),
    z.strictObject({ kind: z.literal('gaussian'), variance: axis(nonNegative()).describe('of each coordinate') }),
    z.strictObject({ kind: z.literal('coefficients'), values: values(finite()) }),
  ])
  .prefault({ kind: 'sphere' })
  .describe('true coefficients w0; sphere and gaussian are drawn afresh in every trial');

const noise = axis(nonNegative());

/** Rows of a fit: a count, or in proportion to the dimension where that is swept. */
export const samples = z.union(
  [axis(integer(1)), z.strictObject({ perDimension: axis(positive()).describe('rows for each of the d features') })],
  { error: 'an integer of at least 1, a list or range of them, or { perDimension: r } for r d rows' },
);

export type Samples = Resolved<z.output<typeof samples>>;

/** Rows, those in proportion to the dimension rounded to a whole number of at least 1. */
export function rowsOf(samples: Samples, dimension: number): number {
  return typeof samples === 'number' ? samples : Math.max(1, Math.round(samples.perDimension * dimension));
}

export const generator = z
  .strictObject({
    samples: samples.describe('T0, rows of each generator'),
    noise: noise.describe('sigma0, standard deviation of the label noise of each generator'),
    design: z.enum(['fresh', 'reused']).default('fresh').describe('whether all generators share one set of inputs'),
    ridge: axis(nonNegative()).optional().describe('lambda0 of each generator; least squares where absent'),
    features: axis(integer(1))
      .optional()
      .describe('m0, random features S x that each generator is made on, entries of S N(0, 1/d)'),
    covariance: anyCovariance
      .optional()
      .describe('of the rows of the generators, where it is not that of the test inputs'),
  })
  .describe('the chain of models that label the data: least squares, of minimum norm where underdetermined');

/** Exponents of the ridge that follow from those of the power laws: best for clean labels, and for those of the generators. */
const rules = z.enum(['critical', 'optimal']);

export type RidgeRule = z.output<typeof rules>;

const power = z
  .union([axis(finite()), rules], { error: "a finite number, a list or range of them, 'critical' or 'optimal'" })
  .describe(
    'l of lambda = T^-l; critical: l_crit, best for clean labels; optimal: best for the labels of the generators',
  );

const ridge = z
  .union([axis(nonNegative()), z.strictObject({ power })], {
    error:
      "a finite number of at least 0, a list or range of them, or { power: l } for T^-l, l also 'critical' or 'optimal'",
  })
  .describe('lambda of the objective (1/T) ||Xw - y||^2 + lambda ||w||^2; 0 is least squares of minimum norm');

export const downstream = z
  .strictObject({
    samples: samples.describe('T, rows of the last fit'),
    noise: noise.describe('sigma, standard deviation of the label noise of the last fit'),
    ridge,
  })
  .describe('the fit whose test error is measured, on fresh inputs labelled by the last generator');

export type Covariance = Resolved<z.output<typeof covariance>>;
export type TruthParameters = Resolved<z.output<typeof truth>>;
export type Downstream = Resolved<z.output<typeof downstream>>;

/** Everything about a cell but what labels its data. */
export interface LinearCell {
  readonly dimension: number;
  readonly covariance: Covariance;
  readonly truth: TruthParameters;
  readonly downstream: Downstream;
}

/** Lists of d numbers that were made last, by what they are: all cells of a sweep ask for the same ones, several times each. */
const made = remembering<readonly number[]>(12);
const remembered = (what: unknown, make: () => readonly number[]) => made(JSON.stringify(what), make);

/** Eigenvalues of Sigma, length d. */
export function spectrumOf(covariance: Covariance, d: number): readonly number[] {
  if (covariance.kind === 'eigenvalues') return scaledSpectrum(covariance, d);
  return remembered(['spectrum', covariance, d], () => scaledSpectrum(covariance, d));
}

function scaledSpectrum(covariance: Covariance, d: number): readonly number[] {
  const raw = unscaledSpectrum(covariance, d);
  if (covariance.trace === undefined) return raw;
  const scale = covariance.trace / raw.reduce((sum, s) => sum + s, 0);
  return raw.map((s) => s * scale);
}

function unscaledSpectrum(covariance: Covariance, d: number): readonly number[] {
  switch (covariance.kind) {
    case 'isotropic':
      return alike(1, d);
    case 'power-law':
      return powers(-covariance.exponent, d);
    case 'eigenvalues':
      return covariance.values;
    default:
      return covariance satisfies never;
  }
}

export function truthOf({ truth, dimension: d, covariance }: Omit<LinearCell, 'downstream'>): Truth {
  const decay = signalDecayOf(truth, covariance);
  if (decay !== null) return { kind: 'coefficients', values: powers(-decay / 2, d) };
  return truth as Truth;
}

/** A trial of a cell, of which this fit is tested. */
export function recipeOf(cell: Omit<LinearCell, 'downstream'>, estimate: Fit): LinearRecipe {
  const { dimension, covariance } = cell;
  return { kind: 'linear', dimension, spectrum: spectrumOf(covariance, dimension), truth: truthOf(cell), estimate };
}

/** delta of c_j = j^(-delta/2), NaN where the truth leans on a covariance that is no power law; null for other truths. */
function signalDecayOf(truth: TruthParameters, covariance: Covariance): number | null {
  if (truth.kind === 'power-law') return truth.exponent;
  if (truth.kind !== 'source') return null;
  return covariance.kind === 'power-law' ? signalDecay({ beta: covariance.exponent, r: truth.smoothness }) : Number.NaN;
}

/** beta and r, where both the covariance and the truth are power laws. */
export function lawOf({ covariance, truth }: Pick<LinearCell, 'covariance' | 'truth'>): PowerLaw | null {
  const decay = signalDecayOf(truth, covariance);
  return covariance.kind === 'power-law' && decay !== null ? sourceOf(covariance.exponent, decay) : null;
}

/** E[c_j^2] of the coordinates of w0, length d: all that the mean test error depends on. */
export function signalOf(truth: Truth, d: number): readonly number[] {
  switch (truth.kind) {
    case 'sphere':
      return alike(truth.norm ** 2 / d, d);
    case 'gaussian':
      return alike(truth.variance, d);
    case 'coefficients': {
      const known = squares.get(truth.values) ?? truth.values.map((c) => c ** 2);
      squares.set(truth.values, known);
      return known;
    }
    default:
      return truth satisfies never;
  }
}

const squares = new WeakMap<readonly number[], readonly number[]>();

const alike = (value: number, d: number) => remembered(['alike', value, d], () => new Array<number>(d).fill(value));

/** Where labels come from, by the name of their part of the file. */
interface Sources {
  readonly generator?: { readonly noise: number } | undefined;
  readonly teacher?: { readonly noise: number } | undefined;
  readonly assistant?: { readonly noise: number } | undefined;
  readonly downstream?: { readonly noise?: number; readonly ridge?: unknown } | undefined;
  readonly real?: { readonly noise?: number } | undefined;
  readonly synthetic?: object | undefined;
}

/** What a cell's numbers must satisfy together, its ridge apart. */
export function linearProblems(cell: Omit<LinearCell, 'downstream'> & Sources): readonly Problem[] {
  const { dimension, covariance, truth } = cell;
  const basic = [...spectrumProblems(covariance, dimension), ...truthProblems(truth, covariance, dimension)];
  return basic.length > 0 ? basic : amplitudeProblems(amplitudesOf(cell));
}

const PARTS = ['generator', 'teacher', 'assistant', 'downstream', 'real', 'synthetic'] as const;

/** What is wrong with the covariance that a part of the file has of its own. */
export function ownCovarianceProblems(
  name: string,
  covariance: Covariance | undefined,
  dimension: number,
  truth: TruthParameters,
): Problem[] {
  if (covariance === undefined || truth.kind === 'source') return [];
  return linearProblems({ dimension, covariance, truth }).map(({ path, message }) => ({
    path: `${name}.${path}`,
    message,
  }));
}

function amplitudesOf(cell: Omit<LinearCell, 'downstream'> & Sources): readonly Amplitude[] {
  const { dimension, covariance } = cell;
  const spectrum = spectrumOf(covariance, dimension);
  const signal = signalOf(truthOf(cell), dimension);
  const synthetic: { readonly noise?: number; readonly quality?: number } = cell.synthetic ?? {};
  const noises = PARTS.map((part) => ({
    path: `${part}.noise`,
    size: (part === 'synthetic' ? synthetic.noise : cell[part]?.noise) ?? 0,
  }));
  return [
    { path: 'truth', size: Math.sqrt(productTrace(signal, spectrum)) },
    ...noises,
    { path: 'synthetic.quality', size: Math.sqrt(synthetic.quality ?? 0) },
  ];
}

/** Normal numbers of f32, in which the inputs are drawn: outside, eigenvalues lose their digits or become 0 or infinite. */
const [leastSingle, mostSingle] = [2 ** -126, (2 - 2 ** -23) * 2 ** 127];
export const fitsSingle = (x: number) => Math.abs(x) <= mostSingle && (x === 0 || Math.abs(x) >= leastSingle);

function spectrumProblems(covariance: Covariance, d: number): Problem[] {
  if (covariance.kind === 'eigenvalues' && covariance.values.length !== d)
    return [lengthProblem('covariance.values', covariance.values.length, d)];
  const { least, most } = extremesOf(spectrumOf(covariance, d));
  const bad = [least, most].find((s) => !(s > 0 && fitsSingle(s)));
  if (bad === undefined) return [];
  return [{ path: 'covariance', message: `gives the eigenvalue ${bad}, need positive ones in the range of f32` }];
}

function truthProblems(truth: TruthParameters, covariance: Covariance, d: number): Problem[] {
  if (truth.kind === 'coefficients' && truth.values.length !== d)
    return [lengthProblem('truth.values', truth.values.length, d)];
  if (truth.kind === 'source' && covariance.kind !== 'power-law')
    return [{ path: 'truth', message: 'found a source condition, which needs a covariance of kind power-law' }];
  const drawn = truthOf({ truth, covariance, dimension: d });
  const bad = drawn.kind === 'coefficients' ? drawn.values.find((c) => !(Math.abs(c) <= mostSingle)) : undefined;
  return bad === undefined
    ? []
    : [{ path: 'truth', message: `gives the coefficient ${bad}, need ones in the range of f32` }];
}

function lengthProblem(path: string, found: number, d: number): Problem {
  return { path, message: `found ${found} values, need ${d}, one for each dimension` };
}
