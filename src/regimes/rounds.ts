import { z } from 'zod';
import { axis, type Resolved } from '../experiment/axis.ts';
import { nonNegative } from '../experiment/numbers.ts';
import type { Problem } from '../experiment/problem.ts';
import * as linear from './linear-parameters.ts';
import { penaltyProblems } from './range.ts';
import type { Block, Fit, LinearRecipe, Model } from './recipe.ts';

/** What regimes share in which every round adds T rows labelled by the model of the round before, the first by the truth. */
export const rounds = {
  dimension: linear.dimension,
  covariance: linear.covariance,
  truth: linear.truth,
  downstream: z
    .strictObject({
      samples: linear.samples.describe('T, rows that each round adds'),
      noise: axis(nonNegative()).describe('sigma, standard deviation of the label noise in every round'),
      ridge: axis(nonNegative())
        .prefault(0)
        .describe(
          'lambda of the mean of squares over the rows of a fit + lambda ||w||^2; 0 is least squares of minimum norm',
        ),
    })
    .describe('every fit, of which the last is measured'),
  design: z.enum(['fresh', 'reused']).default('fresh').describe('whether all rounds share one set of inputs'),
};

const shape = z.strictObject(rounds);
type Rounds = Resolved<z.output<typeof shape>> & { readonly generations: number };
type Cell = Pick<Rounds, 'dimension' | 'covariance' | 'truth' | 'downstream'>;

export function roundProblems(p: Cell): readonly Problem[] {
  const { dimension, covariance, downstream } = p;
  const basic = linear.linearProblems(p);
  if (basic.length > 0) return basic;
  const rows = linear.rowsOf(downstream.samples, dimension);
  return penaltyProblems('downstream.ridge', downstream.ridge, rows, [linear.spectrumOf(covariance, dimension)]);
}

/** The last fit, where that of round n is `fitOf(blocks, n)` on the rows of n rounds. */
export function lastOfRounds(
  regime: string,
  p: Rounds,
  fitOf: (blocks: readonly Block[], round: number) => Omit<Fit, 'ridge'>,
): LinearRecipe {
  const { dimension, downstream, design, generations } = p;
  const rows = linear.rowsOf(downstream.samples, dimension);
  const unit = `${regime}/round:${dimension}x${rows}`;
  const blocks: Block[] = [];
  let model: Model = 'truth';
  let last: Fit | null = null;
  for (let round = 0; round < generations; round++) {
    const inputs = { unit, generation: design === 'reused' ? 0 : round };
    blocks.push({ rows, inputs, errors: { unit, generation: round }, labels: model, noise: downstream.noise });
    last = { ...fitOf([...blocks], round), ridge: downstream.ridge };
    model = last;
  }
  return linear.recipeOf(p, last!);
}
