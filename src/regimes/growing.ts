import { z } from 'zod';
import type { Resolved } from '../experiment/axis.ts';
import { growingTestError } from '../theory/growing.ts';
import * as chain from './generator-chain.ts';
import * as linear from './linear-parameters.ts';
import type { LinearRecipe } from './recipe.ts';
import type { Regime } from './regime.ts';
import { ridgeProblems } from './ridge.ts';
import { chainScaling } from './scaling.ts';

const parameters = z.strictObject({
  dimension: linear.dimension,
  covariance: linear.covariance,
  truth: linear.truth,
  generator: z
    .strictObject({
      samples: linear.samples.describe('T0, rows of the first generator; generator m has m T0'),
      noise: linear.generator.shape.noise,
    })
    .describe('the chain of models that label the data: least squares, of minimum norm where underdetermined')
    .optional(),
  downstream: linear.downstream,
  generations: chain.generations,
});

export type GrowingParameters = Resolved<z.output<typeof parameters>>;

/**
 * As `replace`, but each generation labels more data than the one before (arXiv:2402.07712v2, the growing data that follow
 * Thm 4.1): generator m = 1 .. n is least squares on m T0 fresh rows labelled by generator m - 1, the first by the truth.
 * The last fit has T rows whatever n is, so that n shows what the generators lose and nothing else.
 */
export const growing: Regime<GrowingParameters, LinearRecipe> = {
  name: 'growing',
  title: 'Every generation learns from more labels of the one before',
  citation:
    'E. Dohmatob, Y. Feng, J. Kempe. Model Collapse Demystified: The Case of Regression. NeurIPS 2024, arXiv:2402.07712v2',
  parameters,
  problems: (p) => [...linear.linearProblems(p), ...ridgeProblems(p, generatorsOf(p)), ...chain.generatorProblems(p)],
  recipe: (p) => chain.chainRecipe('growing', p, generatorsOf(p)),
  theory: (p) => growingTestError(chain.chainProblem(p, generatorsOf(p))),
  scaling: (p) => chainScaling(p, generatorsOf(p), growingTestError(chain.chainProblem(p, generatorsOf(p)))),
};

function generatorsOf({ dimension, generator, generations }: GrowingParameters) {
  if (generator === undefined) return [];
  return Array.from({ length: generations }, (_, m) => {
    const rows = (m + 1) * linear.rowsOf(generator.samples, dimension);
    const draw = chain.drawOf('growing', 'generator', dimension, rows, m);
    return { rows, inputs: draw, errors: draw, noise: generator.noise };
  });
}
