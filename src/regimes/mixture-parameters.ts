import { z } from 'zod';
import { axis, type Resolved } from '../experiment/axis.ts';
import { finite, integer, nonNegative } from '../experiment/numbers.ts';
import type { Problem } from '../experiment/problem.ts';
import { power, powers } from '../reference/power.ts';
import type { MixtureProblem } from '../theory/mixture-problem.ts';
import { dot } from '../theory/spectrum.ts';
import * as linear from './linear-parameters.ts';
import { penaltyProblems } from './range.ts';
import type { Draw, Model } from './recipe.ts';

/** What regimes share in which real rows are mixed with rows that another model labelled. */

export const CITATION =
  'E. Dohmatob, Y. Feng, A. Subramonian, J. Kempe. Strong Model Collapse. ICLR 2025, arXiv:2410.04840v2';

const count = (text: string) => axis(integer(0)).describe(text).optional();
const noise = axis(nonNegative());

export const fitRidge = z
  .union([axis(nonNegative()), z.strictObject({ power: axis(finite()).describe('l of lambda = n^-l') })], {
    error: 'a finite number of at least 0, a list or range of them, or { power: l } for n^-l',
  })
  .describe(
    'lambda of the weighted mean of squares over all n rows + lambda ||w||^2; 0 is least squares of minimum norm',
  );

export const real = z
  .strictObject({
    samples: count('n1, rows labelled by the truth; else what downstream.samples leaves'),
    noise: noise.describe('sigma1, standard deviation of the noise of real labels'),
    covariance: linear.anyCovariance.describe('of the real rows, where it is not that of the test inputs').optional(),
  })
  .describe('the rows that the truth labels');

const shift = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('inverse') }),
    z.strictObject({ kind: z.literal('power-law'), exponent: axis(finite()).describe('of Delta_j = j^-exponent') }),
    z.strictObject({ kind: z.literal('variances'), values: linear.values(nonNegative()) }),
  ])
  .prefault({ kind: 'inverse' })
  .describe('Delta, variances of the coordinates of w2 - w1, up to a factor; inverse: those of Sigma^-1');

export const synthetic = z
  .strictObject({
    samples: count('n2, rows labelled by w2; else by fraction'),
    fraction: axis(nonNegative().max(1, { error: 'a number from 0 to 1' }))
      .describe('p2, share of the n rows of downstream.samples; their number is rounded')
      .optional(),
    noise: noise.describe('sigma2, standard deviation of the noise of synthetic labels'),
    quality: axis(nonNegative())
      .describe('c^2 = tr Sigma Delta, test error of w2: rescales Delta; may be left out where its values are given')
      .optional(),
    shift,
    covariance: linear.anyCovariance
      .describe('of the synthetic rows, where it is not that of the test inputs')
      .optional(),
  })
  .describe('the rows that another model labels, w2 = w1 + N(0, Delta), drawn afresh in every trial');

export const downstream = z
  .strictObject({
    samples: linear.samples
      .describe('n, rows of both kinds together, where synthetic.fraction divides them')
      .optional(),
    ridge: fitRidge,
  })
  .describe('the fit whose test error is measured');

export const mixed = {
  dimension: linear.dimension,
  covariance: linear.covariance,
  truth: linear.truth,
  real,
  synthetic,
  downstream,
};

const shape = z.strictObject(mixed);

/** A cell of any regime of mixtures. */
export type Mixed = Resolved<z.output<typeof shape>>;

/** n1 and n2. NaN where the file does not say, which `mixedProblems` tells. */
export function rowsOf({ dimension, real, synthetic, downstream }: Mixed): { real: number; synthetic: number } {
  if (downstream.samples === undefined || synthetic.fraction === undefined)
    return { real: real.samples ?? Number.NaN, synthetic: synthetic.samples ?? Number.NaN };
  const rows = linear.rowsOf(downstream.samples, dimension);
  const other = Math.round(synthetic.fraction * rows);
  return { real: rows - other, synthetic: other };
}

export function ridgeOf(cell: Mixed): number {
  const { ridge } = cell.downstream;
  if (typeof ridge === 'number') return ridge;
  const { real, synthetic } = rowsOf(cell);
  return power(real + synthetic, -ridge.power);
}

/** Delta, length d. */
export function shiftOf({ dimension, covariance, synthetic }: Mixed): readonly number[] {
  const spectrum = linear.spectrumOf(covariance, dimension);
  const { shift, quality } = synthetic;
  const raw = shapeOf(shift, spectrum);
  if (quality === undefined) return raw;
  const total = dot(raw, spectrum);
  return raw.map((variance) => (total === 0 ? 0 : (variance * quality) / total));
}

function shapeOf(shift: Mixed['synthetic']['shift'], spectrum: readonly number[]): readonly number[] {
  switch (shift.kind) {
    case 'inverse':
      return spectrum.map((s) => 1 / s);
    case 'power-law':
      return powers(-shift.exponent, spectrum.length);
    case 'variances':
      return shift.values;
    default:
      return shift satisfies never;
  }
}

/** w2. Cells whose quality alone differs share its deviations. */
export function shiftedTruth(regime: string, cell: Mixed): Model {
  const [{ dimension, synthetic }, variances] = [cell, shiftOf(cell)];
  if (variances.every((variance) => variance === 0)) return 'truth';
  const scale = Math.sqrt(synthetic.quality ?? 1);
  const draw: Draw = { unit: `${regime}/shift:${dimension}`, generation: 0 };
  return { shift: draw, deviations: variances.map((variance) => Math.sqrt(variance) / scale), scale };
}

/** Eigenvalues of a source's rows where they have their own. */
export function ownSpectrum(covariance: Mixed['real']['covariance'], dimension: number) {
  return covariance ? { spectrum: linear.spectrumOf(covariance, dimension) } : {};
}

/** The same in the words of the theory. */
export function problemOf(cell: Mixed): MixtureProblem {
  const { dimension, covariance, real, synthetic } = cell;
  const rows = rowsOf(cell);
  return {
    spectrum: linear.spectrumOf(covariance, dimension),
    signal: linear.signalOf(linear.truthOf(cell), dimension),
    shift: shiftOf(cell),
    real: { rows: rows.real, noise: real.noise, ...ownSpectrum(real.covariance, dimension) },
    synthetic: { rows: rows.synthetic, noise: synthetic.noise, ...ownSpectrum(synthetic.covariance, dimension) },
    ridge: ridgeOf(cell),
  };
}

export function mixedProblems(cell: Mixed): readonly Problem[] {
  const counted = countProblems(cell);
  const basic = [...linear.linearProblems(cell), ...counted, ...sourceProblems(cell)];
  if (basic.length > 0) return basic;
  const { real, synthetic } = rowsOf(cell);
  const ridge = ridgeOf(cell);
  return [
    ...(real + synthetic > 0 ? [] : [{ path: 'real.samples', message: 'found no rows at all, need at least 1' }]),
    ...penaltyProblems('downstream.ridge', ridge, real + synthetic, spectraOf(cell)),
    ...shiftProblems(cell),
  ];
}

const spectraOf = ({ dimension, covariance, real, synthetic }: Mixed): readonly (readonly number[])[] =>
  [covariance, real.covariance ?? covariance, synthetic.covariance ?? covariance].map((one) =>
    linear.spectrumOf(one, dimension),
  );

/** Rows are counted for each source, or by total and fraction. */
function countProblems({ real, synthetic, downstream }: Mixed): Problem[] {
  const whole = [downstream.samples, synthetic.fraction].filter((given) => given !== undefined).length;
  const parts = [real.samples, synthetic.samples].filter((given) => given !== undefined).length;
  if ((whole === 2 && parts === 0) || (whole === 0 && parts === 2)) return [];
  const message = 'need either real.samples and synthetic.samples, or downstream.samples and synthetic.fraction';
  return [{ path: whole > 0 ? 'downstream.samples' : 'real.samples', message }];
}

function sourceProblems({ dimension, truth, real, synthetic }: Mixed): Problem[] {
  return Object.entries({ real, synthetic }).flatMap(([name, { covariance }]) =>
    linear.ownCovarianceProblems(name, covariance, dimension, truth),
  );
}

function shiftProblems(cell: Mixed): Problem[] {
  const { dimension, synthetic } = cell;
  const { shift, quality } = synthetic;
  if (shift.kind === 'variances' && shift.values.length !== dimension) {
    const message = `found ${shift.values.length} values, need ${dimension}, one for each dimension`;
    return [{ path: 'synthetic.shift.values', message }];
  }
  if (shift.kind !== 'variances' && quality === undefined)
    return [
      { path: 'synthetic.quality', message: 'missing, need c^2, the test error of the model that labels the rows' },
    ];
  if (shiftOf(cell).every((variance) => linear.fitsSingle(variance))) return [];
  return [{ path: 'synthetic.shift', message: 'gives variances outside the range of f32' }];
}
