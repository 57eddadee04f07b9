import { z } from 'zod';
import type { Resolved } from '../experiment/axis.ts';
import type { Problem } from '../experiment/problem.ts';
import type { Prediction } from '../theory/prediction.ts';
import { type ReplaceProblem, replaceTestError } from '../theory/replace.ts';
import * as chain from './generator-chain.ts';
import * as linear from './linear-parameters.ts';
import { penaltyProblems } from './range.ts';
import type { LinearRecipe } from './recipe.ts';
import type { Regime } from './regime.ts';
import { ridgeProblems } from './ridge.ts';
import { chainScaling } from './scaling.ts';
import { projectionOf } from './teachers.ts';

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
  problems: (p) => [
    ...linear.linearProblems(p),
    ...ridgeProblems(p, generatorsOf(p)),
    ...chain.generatorProblems(p),
    ...ownProblems(p),
  ],
  recipe: (p) => chain.chainRecipe('replace', p, generatorsOf(p)),
  theory,
  scaling: (p) => chainScaling(p, generatorsOf(p), theory(p)),
};

/** Of several generators that have a ridge and share their inputs no theorem speaks. */
function theory(p: ReplaceParameters): Prediction | null {
  const { generator, generations } = p;
  if (generator?.ridge && generator.design === 'reused' && generations > 1) return null;
  return replaceTestError(problemOf(p));
}

function problemOf(p: ReplaceParameters): ReplaceProblem {
  const last = chain.lastFitProblem(p, generatorsOf(p));
  if (p.generator === undefined) return { ...last, generator: null, generations: p.generations };
  const { samples, noise, design, ridge, features, covariance } = p.generator;
  const spectrum = covariance && linear.spectrumOf(covariance, p.dimension);
  return {
    ...last,
    generator: { rows: linear.rowsOf(samples, p.dimension), noise, design, ridge, features, spectrum },
    generations: p.generations,
  };
}

function generatorsOf({ dimension, generator, generations }: ReplaceParameters): readonly chain.Generator[] {
  if (generator === undefined) return [];
  const { noise, design, ridge, features, covariance } = generator;
  const rows = linear.rowsOf(generator.samples, dimension);
  const draw = (m: number) => chain.drawOf('replace', 'generator', dimension, rows, m);
  return Array.from({ length: generations }, (_, m) => ({
    rows,
    inputs: draw(design === 'reused' ? 0 : m),
    errors: draw(m),
    noise,
    ...(covariance && { spectrum: linear.spectrumOf(covariance, dimension) }),
    ...(ridge !== undefined && { ridge }),
    ...projectionOf('replace', 'generator', dimension, features, design === 'reused' ? 0 : m),
  }));
}

/** What is wrong with a covariance and a ridge of the generators' own. */
function ownProblems({ dimension, covariance, truth, generator }: ReplaceParameters): Problem[] {
  if (generator === undefined) return [];
  const wrong = linear.ownCovarianceProblems('generator', generator.covariance, dimension, truth);
  if (wrong.length > 0 || (generator.ridge === undefined && !generator.covariance)) return wrong;
  const spectrum = linear.spectrumOf(generator.covariance ?? covariance, dimension);
  const rows = linear.rowsOf(generator.samples, dimension);
  return penaltyProblems('generator.ridge', generator.ridge ?? 0, rows, [spectrum]);
}
