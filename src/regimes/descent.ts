import { z } from 'zod';
import { axis, type Resolved } from '../experiment/axis.ts';
import { integer, nonNegative, positive } from '../experiment/numbers.ts';
import type { Problem } from '../experiment/problem.ts';
import type { NoisyFit } from '../theory/chain.ts';
import { descentTestError } from '../theory/descent.ts';
import * as chain from './generator-chain.ts';
import * as linear from './linear-parameters.ts';
import type { Fit, LinearRecipe, Model } from './recipe.ts';
import type { Regime } from './regime.ts';

const learner = z.strictObject({
  samples: linear.samples.describe('T, rows, each of which is used once'),
  noise: axis(nonNegative()).describe('standard deviation of the noise of its labels'),
  rate: axis(positive()).describe("eta of w -> w - eta (1/B) sum x (x'w - y), which begins at w = 0"),
  batch: axis(integer(1)).prefault(1).describe('B, rows of a step'),
  halvings: axis(integer(0, 100))
    .prefault(0)
    .describe('how often the rate is halved, after equal parts of the steps; 0 is a constant rate'),
  average: axis(nonNegative().max(1, { error: 'a number from 0 to 1' }))
    .prefault(0)
    .describe('share of the steps, the last of them, over which w is averaged; 0 is the last w alone'),
  covariance: linear.anyCovariance.optional().describe('of its rows, where it is not that of the test inputs'),
});

type DescentLearner = Resolved<z.output<typeof learner>>;

const parameters = z.strictObject({
  dimension: linear.dimension,
  covariance: linear.covariance,
  truth: linear.truth,
  generator: learner.optional().describe('the chain of models that label the data, all alike'),
  downstream: learner.describe('the fit whose test error is measured, on rows labelled by the last generator'),
  generations: chain.generations,
});

export type DescentParameters = Resolved<z.output<typeof parameters>>;

/** As `replace`, but every model is made by one pass of stochastic gradient descent over its rows. */
export const descent: Regime<DescentParameters, LinearRecipe> = {
  name: 'descent',
  title: 'Every generation descends once along the labels of the one before',
  citation:
    'L. Lin, J. Wu, S. M. Kakade, P. L. Bartlett, J. D. Lee. Scaling Laws in Linear Regression: Compute, Parameters, and ' +
    'Data. NeurIPS 2024, arXiv:2406.08466',
  parameters,
  problems: (p) => [
    ...linear.linearProblems(p),
    ...chain.generatorProblems(p),
    ...learnerProblems('generator', p, p.generator),
    ...learnerProblems('downstream', p, p.downstream),
  ],
  blocks: ({ dimension, generator, downstream, generations }) => {
    const rows = linear.rowsOf(downstream.samples, dimension);
    const before = generator ? generations * linear.rowsOf(generator.samples, dimension) : 0;
    return generations + 1 + ((rows + before) * dimension) / NUMBERS_OF_BLOCK;
  },
  recipe: (p) => {
    const { dimension, generator, downstream, generations } = p;
    let model: Model = 'truth';
    if (generator) for (let m = 0; m < generations; m++) model = descended('generator', dimension, generator, model, m);
    return linear.recipeOf(p, descended('downstream', dimension, downstream, model, 0));
  },
  theory: (p) => {
    const { dimension, covariance, generator, downstream, generations } = p;
    return descentTestError({
      spectrum: linear.spectrumOf(covariance, dimension),
      signal: linear.signalOf(linear.truthOf(p), dimension),
      generators: generator ? Array<NoisyFit>(generations).fill(noisyFit(dimension, generator)) : [],
      downstream: noisyFit(dimension, downstream),
    });
  },
};

/** Numbers of rows that take as long to plan as a block of data: a pass is cut in pieces. */
const NUMBERS_OF_BLOCK = 3e6;

function noisyFit(dimension: number, p: DescentLearner) {
  const { samples, noise, rate, batch, halvings, average, covariance } = p;
  const rows = linear.rowsOf(samples, dimension);
  const averaged = Math.max(1, Math.round((average * rows) / batch));
  const spectrum = covariance && linear.spectrumOf(covariance, dimension);
  return { rows, noise, descent: { batch, rate, halvings, averaged }, ...(spectrum && { spectrum }) };
}

/** Rows do not depend on how many there are: a longer pass begins with a shorter one. */
function descended(role: string, dimension: number, p: DescentLearner, labels: Model, generation: number): Fit {
  const { rows, noise, descent, spectrum } = noisyFit(dimension, p);
  const draw = { unit: `descent/${role}:${dimension}`, generation };
  return {
    data: [{ rows, inputs: draw, errors: draw, labels, noise, ...(spectrum && { spectrum }) }],
    ridge: 0,
    descent,
  };
}

function learnerProblems(
  name: string,
  { dimension, truth }: DescentParameters,
  fit: DescentLearner | undefined,
): Problem[] {
  if (fit === undefined) return [];
  const { rows, descent } = noisyFit(dimension, fit);
  const wrong = linear.ownCovarianceProblems(name, fit.covariance, dimension, truth);
  if (rows % descent.batch === 0) return wrong;
  return [...wrong, { path: `${name}.batch`, message: `found ${descent.batch}, need a divisor of the ${rows} rows` }];
}
