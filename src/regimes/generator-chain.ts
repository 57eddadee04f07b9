import { axis } from '../experiment/axis.ts';
import { integer } from '../experiment/numbers.ts';
import type { Problem } from '../experiment/problem.ts';
import type { ChainProblem } from '../theory/chain.ts';
import * as linear from './linear-parameters.ts';
import type { Block, Draw, LinearRecipe, Model, Projection } from './recipe.ts';
import { type Labeller, ridgeOf } from './ridge.ts';

/** What regimes share in which labels pass through generators, one after the other, before the last fit. */

/** A chain longer than this is taken for a mistake. */
const mostGenerations = 10_000;

export const generations = axis(integer(0, mostGenerations), { innermost: true })
  .prefault([0])
  .describe('n, number of generators between the truth and the labels of the last fit; 0 is clean data');

export function generatorProblems(p: { readonly generator?: unknown; readonly generations: number }): Problem[] {
  if (p.generator !== undefined || p.generations === 0) return [];
  return [{ path: 'generator', message: 'missing, need { samples, noise } because a generation above 0 is asked for' }];
}

/** A generator but for what labels its rows; least squares without a ridge. */
export interface Generator extends Omit<Block, 'labels'> {
  readonly ridge?: number | undefined;
  readonly projection?: Projection | undefined;
}

/** A ridge fit to fresh rows that are labelled by the last of the generators, the first of which comes first. */
export function chainRecipe(regime: string, cell: linear.LinearCell, generators: readonly Generator[]): LinearRecipe {
  const { dimension, downstream } = cell;
  const rows = linear.rowsOf(downstream.samples, dimension);
  const draw = drawOf(regime, 'downstream', dimension, rows, 0);
  const labels = generators.reduce<Model>(
    (model, { ridge = 0, projection, ...data }) => ({
      data: [{ ...data, labels: model }],
      ridge,
      ...(projection && { projection }),
    }),
    'truth',
  );
  return linear.recipeOf(cell, {
    data: [{ rows, inputs: draw, errors: draw, labels, noise: downstream.noise }],
    ridge: ridgeOf(cell, generators),
  });
}

/** Units know the shape and nothing else, so that cells which differ in noise, ridge or covariance share their draws. */
export function drawOf(
  regime: string,
  role: 'generator' | 'downstream',
  dimension: number,
  rows: number,
  generation: number,
): Draw {
  return { unit: `${regime}/${role}:${dimension}x${rows}`, generation };
}

/** The same in the words of the theory. */
export function chainProblem(cell: linear.LinearCell, generators: readonly Labeller[]): ChainProblem {
  return { ...lastFitProblem(cell, generators), generators };
}

/** What the theory needs to know besides the generators. */
export function lastFitProblem(cell: linear.LinearCell, generators: readonly Labeller[]) {
  const { dimension, covariance, downstream } = cell;
  return {
    spectrum: linear.spectrumOf(covariance, dimension),
    signal: linear.signalOf(linear.truthOf(cell), dimension),
    downstream: {
      rows: linear.rowsOf(downstream.samples, dimension),
      noise: downstream.noise,
      ridge: ridgeOf(cell, generators),
    },
  };
}
