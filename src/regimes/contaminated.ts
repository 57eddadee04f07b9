import { z } from 'zod';
import { axis, type Resolved } from '../experiment/axis.ts';
import { integer, nonNegative } from '../experiment/numbers.ts';
import { contaminatedTestError } from '../theory/contaminated.ts';
import * as linear from './linear-parameters.ts';
import type { Block, Fit, LinearRecipe } from './recipe.ts';
import type { Regime } from './regime.ts';

const parameters = z.strictObject({
  dimension: linear.dimension,
  covariance: linear.covariance,
  truth: linear.truth,
  downstream: z
    .strictObject({
      samples: linear.samples.describe('T, rows that each round adds to the pool'),
      noise: axis(nonNegative()).describe('sigma, standard deviation of the noise of all labels'),
    })
    .describe('every fit: least squares on the whole pool, of which the last is measured'),
  synthetic: z
    .strictObject({
      fraction: axis(nonNegative().max(1, { error: 'a number from 0 to 1' })).describe(
        'alpha, share of the rows of each round, after the first, that the last model labels; their number is rounded',
      ),
    })
    .describe('rows of the pool that a model labelled, which nobody can tell from the others'),
  generations: axis(integer(1, 1000), { innermost: true })
    .prefault([1])
    .describe('n, number of fits; the first is to labels of the truth'),
});

export type ContaminatedParameters = Resolved<z.output<typeof parameters>>;

/** A pool of data grows by fresh rows, some of which the last model has labelled, and every model learns from all of it. */
export const contaminated: Regime<ContaminatedParameters, LinearRecipe> = {
  name: 'contaminated',
  title: 'A pool grows by rows of which an unknown part is generated',
  citation: 'K. Amin et al. Learning from Synthetic Data: Limitations of ERM. arXiv:2601.15468',
  parameters,
  // The noise of every round is in the last fit and in the models behind it.
  terms: false,
  problems: linear.linearProblems,
  blocks: ({ generations: n }) => n * n,
  recipe: (p) => {
    const { generations } = p;
    const blocks: Block[] = [];
    let estimate: Fit | null = null;
    for (let round = 0; round < generations; round++) {
      blocks.push(...addedRows(p, round, estimate));
      estimate = { data: [...blocks], ridge: 0 };
    }
    return linear.recipeOf(p, estimate!);
  },
  theory: (p) =>
    contaminatedTestError({
      dimension: p.dimension,
      ...rowsOf(p),
      noise: p.downstream.noise,
      fits: p.generations,
    }),
};

/** T, and how many of them a model labels. */
function rowsOf({ dimension, downstream, synthetic }: ContaminatedParameters) {
  const rows = linear.rowsOf(downstream.samples, dimension);
  return { rows, generated: Math.round(synthetic.fraction * rows) };
}

/** Of one round: those that the last model labels, then the real ones. */
function addedRows(p: ContaminatedParameters, round: number, last: Fit | null): readonly Block[] {
  const { rows, generated } = rowsOf(p);
  const draw = { unit: `contaminated/round:${p.dimension}x${rows}`, generation: round };
  const { noise } = p.downstream;
  const part = { inputs: draw, errors: draw, noise };
  if (last === null || generated === 0) return [{ ...part, rows, labels: 'truth' }];
  const fed: Block = { ...part, rows: generated, labels: last };
  if (generated === rows) return [fed];
  return [fed, { ...part, rows: rows - generated, first: generated, labels: 'truth' }];
}
