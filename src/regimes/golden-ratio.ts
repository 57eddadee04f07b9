import { z } from 'zod';
import { axis, type Resolved } from '../experiment/axis.ts';
import { integer, nonNegative } from '../experiment/numbers.ts';
import { goldenRatioTestError } from '../theory/golden-ratio.ts';
import * as linear from './linear-parameters.ts';
import type { Block, LinearRecipe, Model } from './recipe.ts';
import type { Regime } from './regime.ts';
import { roundProblems, rounds } from './rounds.ts';

const { design: _, ...common } = rounds;

const parameters = z.strictObject({
  ...common,
  real: z
    .strictObject({
      weight: axis(nonNegative().max(1, { error: 'a number from 0 to 1' })).describe(
        'w of the label that is fitted, w times a fresh real one plus 1 - w times a synthetic one',
      ),
    })
    .describe('the labels of the truth, whose noise is that of downstream'),
  synthetic: z
    .strictObject({
      noise: axis(nonNegative()).describe('standard deviation of the noise of the labels of the model before'),
    })
    .describe('the labels of the model before'),
  generations: axis(integer(0, 1000), { innermost: true })
    .prefault([0])
    .describe('rounds of mixing; 0 is the fit to real labels'),
});

export type GoldenRatioParameters = Resolved<z.output<typeof parameters>>;

/** One set of inputs, labelled afresh in every round: a part w by the truth, the rest by the model of the round before. */
export const goldenRatio: Regime<GoldenRatioParameters, LinearRecipe> = {
  name: 'golden-ratio',
  title: 'Fresh real labels mixed with those of the model before',
  citation:
    'H. He, S. Xu, G. Cheng. Recursive Learning Without Collapse: A Weighting-Based Stabilization Framework. ' +
    'arXiv:2502.18049v5; A. Garg et al., arXiv:2509.22341',
  parameters,
  problems: roundProblems,
  recipe: (p) => {
    const { downstream, generations } = p;
    const { ridge } = downstream;
    let estimate = { data: [labelled(p, 'real', 0, 'truth')] as readonly Block[], ridge };
    for (let round = 1; round <= generations; round++) {
      const blocks = [labelled(p, 'real', round, 'truth'), labelled(p, 'synthetic', round, estimate)];
      const weights = [p.real.weight, 1 - p.real.weight];
      const data = blocks.map((block, k) => ({ ...block, weight: weights[k]! })).filter(({ weight }) => weight > 0);
      estimate = { data, ridge };
    }
    return linear.recipeOf(p, estimate);
  },
  theory: (p) => {
    const { dimension, covariance, downstream, real, synthetic, generations } = p;
    return goldenRatioTestError({
      spectrum: linear.spectrumOf(covariance, dimension),
      signal: linear.signalOf(linear.truthOf(p), dimension),
      rows: linear.rowsOf(downstream.samples, dimension),
      weight: real.weight,
      realNoise: downstream.noise,
      syntheticNoise: synthetic.noise,
      ridge: downstream.ridge,
      rounds: generations,
    });
  },
};

/** Labels of the one design in a round. */
function labelled(p: GoldenRatioParameters, role: 'real' | 'synthetic', round: number, labels: Model): Block {
  const rows = linear.rowsOf(p.downstream.samples, p.dimension);
  const unit = `golden-ratio/${role}:${p.dimension}x${rows}`;
  const inputs = { unit: `golden-ratio/rows:${p.dimension}x${rows}`, generation: 0 };
  const noise = role === 'real' ? p.downstream.noise : p.synthetic.noise;
  return { rows, inputs, errors: { unit, generation: round }, labels, noise };
}
