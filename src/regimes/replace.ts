import { z } from 'zod';
import { axis, type Resolved } from '../experiment/axis.ts';
import { integer } from '../experiment/numbers.ts';
import type { Problem } from '../experiment/problem.ts';
import { replaceTestError } from '../theory/replace.ts';
import * as linear from './linear-parameters.ts';
import type { Block, Draw, LinearRecipe, Model } from './recipe.ts';
import type { Regime } from './regime.ts';

/** A chain longer than this is taken for a mistake. */
const mostGenerations = 10_000;

const parameters = z.strictObject({
  dimension: linear.dimension,
  covariance: linear.covariance,
  truth: linear.truth,
  generator: linear.generator.optional(),
  downstream: linear.downstream,
  generations: axis(integer(0, mostGenerations), { innermost: true })
    .prefault([0])
    .describe('n, number of generators between the truth and the labels of the last fit; 0 is clean data'),
});

export type ReplaceParameters = Resolved<z.output<typeof parameters>>;

/**
 * Each generation is trained on labels of the one before and replaces it (the setup of arXiv:2402.07712v2):
 * w_0 true; w_{m+1} = pinv(X_m) (X_m w_m + sigma0 g); the last fit is ridge regression on fresh inputs labelled by w_n.
 */
export const replace: Regime<ReplaceParameters> = {
  name: 'replace',
  title: 'Every generation learns from the labels of the one before',
  citation:
    'E. Dohmatob, Y. Feng, J. Kempe. Model Collapse Demystified: The Case of Regression. NeurIPS 2024, arXiv:2402.07712v2',
  parameters,
  problems: (p) => [...linear.linearProblems(p), ...generatorProblems(p)],
  recipe,
  theory,
};

function generatorProblems({ generator, generations }: ReplaceParameters): Problem[] {
  if (generator !== undefined || generations === 0) return [];
  return [{ path: 'generator', message: 'missing, need { samples, noise } because a generation above 0 is asked for' }];
}

function recipe(p: ReplaceParameters): LinearRecipe {
  const { dimension, downstream } = p;
  const draw = drawOf('downstream', dimension, downstream.samples, 0);
  return {
    kind: 'linear',
    dimension,
    spectrum: linear.spectrumOf(p.covariance, dimension),
    truth: linear.truthOf(p.truth, dimension),
    estimate: {
      data: { rows: downstream.samples, inputs: draw, errors: draw, labels: lastGenerator(p), noise: downstream.noise },
      ridge: linear.ridgeOf(downstream),
    },
  };
}

/** The model that labels the data of the last fit. */
function lastGenerator({ dimension, generator, generations }: ReplaceParameters): Model {
  let model: Model = 'truth';
  if (generator === undefined) return model;
  const { samples: rows, noise, design } = generator;
  for (let m = 0; m < generations; m++) {
    const inputs = drawOf('generator', dimension, rows, design === 'reused' ? 0 : m);
    const data: Block = { rows, inputs, errors: drawOf('generator', dimension, rows, m), labels: model, noise };
    model = { data, ridge: 0 };
  }
  return model;
}

/** Units know the shape and nothing else, so that cells which differ in noise, ridge or covariance share their draws. */
function drawOf(role: 'generator' | 'downstream', dimension: number, rows: number, generation: number): Draw {
  return { unit: `replace/${role}:${dimension}x${rows}`, generation };
}

function theory(p: ReplaceParameters) {
  const { dimension, generator, downstream, generations } = p;
  return replaceTestError({
    spectrum: linear.spectrumOf(p.covariance, dimension),
    signal: linear.signalOf(linear.truthOf(p.truth, dimension), dimension),
    generator: generator ? { rows: generator.samples, noise: generator.noise, design: generator.design } : null,
    generations,
    downstream: { rows: downstream.samples, noise: downstream.noise, ridge: linear.ridgeOf(downstream) },
  });
}
