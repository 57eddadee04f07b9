import { z } from 'zod';
import { axis, type Resolved } from '../experiment/axis.ts';
import { integer, nonNegative } from '../experiment/numbers.ts';
import type { Problem } from '../experiment/problem.ts';
import type { NoisyFit } from '../theory/chain.ts';
import * as linear from './linear-parameters.ts';
import { penaltyProblems } from './range.ts';
import type { Block, Fit, Model } from './recipe.ts';

/** What regimes share in which fits learn from the labels of other fits, each with rows, ridge, features and a covariance of its own. */

const objective = 'lambda of the mean of squares over its rows + lambda ||w||^2; 0 is least squares of minimum norm';

/** What a fit may have of its own; a number of `features` and a `covariance` only where they are given. */
export const own = {
  ridge: axis(nonNegative()).prefault(0).describe(objective),
  features: axis(integer(1))
    .optional()
    .describe('m, random features S x that the fit is made on, entries of S N(0, 1/d)'),
  covariance: linear.anyCovariance.optional().describe('of its rows, where it is not that of the test inputs'),
};

export const learner = z.strictObject({
  samples: linear.samples.describe('rows of the fit'),
  noise: axis(nonNegative()).describe('standard deviation of the noise of its labels'),
  ...own,
});

export type Learner = Resolved<z.output<typeof learner>>;

/** The fit in the words of the theory. */
export function noisyFit(dimension: number, { samples, noise, ridge, features, covariance }: Learner): NoisyFit {
  return {
    rows: linear.rowsOf(samples, dimension),
    noise,
    ridge,
    ...(features !== undefined && { features }),
    ...(covariance && { spectrum: linear.spectrumOf(covariance, dimension) }),
  };
}

/**
 * The fit in the words of recipes, on rows of its own, labelled by `labels`. Units know the shape and nothing else. `role` tells fits of one
 * shape apart, as a number does generations of them.
 */
export function taught(
  regime: string,
  role: string,
  dimension: number,
  fit: NoisyFit,
  labels: Model,
  generation = 0,
): Fit {
  const { rows, noise, ridge = 0, features, spectrum } = fit;
  const inputs = { unit: `${regime}/${role}:${dimension}x${rows}`, generation };
  const block: Block = { rows, inputs, errors: inputs, labels, noise, ...(spectrum && { spectrum }) };
  return { data: [block], ridge, ...projectionOf(regime, role, dimension, features, generation) };
}

/** Random features of their own, where a fit has some. */
export function projectionOf(
  regime: string,
  role: string,
  dimension: number,
  features: number | undefined,
  generation: number,
): Pick<Fit, 'projection'> {
  if (features === undefined) return {};
  return { projection: { features, draw: { unit: `${regime}/${role}-features:${dimension}`, generation } } };
}

/** What the numbers of a cell and of its fits, by their names in the file, must satisfy together. */
export function learnerProblems(
  cell: Parameters<typeof linear.linearProblems>[0],
  fits: Readonly<Record<string, Learner | undefined>>,
): readonly Problem[] {
  const { dimension, covariance, truth } = cell;
  const given = Object.entries(fits).filter((entry): entry is [string, Learner] => entry[1] !== undefined);
  const basic = linear.linearProblems(cell);
  const wrong = given.flatMap(([name, fit]) => linear.ownCovarianceProblems(name, fit.covariance, dimension, truth));
  if (basic.length + wrong.length > 0) return [...basic, ...wrong];
  return given.flatMap(([name, fit]) => {
    const spectrum = linear.spectrumOf(fit.covariance ?? covariance, dimension);
    return penaltyProblems(`${name}.ridge`, fit.ridge, linear.rowsOf(fit.samples, dimension), [spectrum]);
  });
}
