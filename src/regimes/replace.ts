import { z } from 'zod';
import type { Resolved } from '../experiment/axis.ts';
import { type ReplaceProblem, replaceTestError } from '../theory/replace.ts';
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
  generator: linear.generator.optional(),
  downstream: linear.downstream,
  generations: chain.generations,
});

export type ReplaceParameters = Resolved<z.output<typeof parameters>>;

/**
 * Each generation is trained on labels of the one before and replaces it (the setup of arXiv:2402.07712v2):
 * w_0 true; w_{m+1} = pinv(X_m) (X_m w_m + sigma0 g); the last fit is ridge regression on fresh inputs labelled by w_n.
 */
export const replace: Regime<ReplaceParameters, LinearRecipe> = {
  name: 'replace',
  title: 'Every generation learns from the labels of the one before',
  citation:
    'E. Dohmatob, Y. Feng, J. Kempe. Model Collapse Demystified: The Case of Regression. NeurIPS 2024, arXiv:2402.07712v2',
  parameters,
  problems: (p) => [...linear.linearProblems(p), ...ridgeProblems(p, generatorsOf(p)), ...chain.generatorProblems(p)],
  recipe: (p) => chain.chainRecipe('replace', p, generatorsOf(p)),
  theory: (p) => replaceTestError(problemOf(p)),
  scaling: (p) => chainScaling(p, generatorsOf(p), replaceTestError(problemOf(p))),
};

function problemOf(p: ReplaceParameters): ReplaceProblem {
  const last = chain.lastFitProblem(p, generatorsOf(p));
  if (p.generator === undefined) return { ...last, generator: null, generations: p.generations };
  const { samples, noise, design } = p.generator;
  return {
    ...last,
    generator: { rows: linear.rowsOf(samples, p.dimension), noise, design },
    generations: p.generations,
  };
}

function generatorsOf({ dimension, generator, generations }: ReplaceParameters) {
  if (generator === undefined) return [];
  const { noise, design } = generator;
  const rows = linear.rowsOf(generator.samples, dimension);
  const draw = (m: number) => chain.drawOf('replace', 'generator', dimension, rows, m);
  return Array.from({ length: generations }, (_, m) => ({
    rows,
    inputs: draw(design === 'reused' ? 0 : m),
    errors: draw(m),
    noise,
  }));
}
