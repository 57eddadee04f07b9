import { z } from 'zod';
import { axis, type Resolved } from '../experiment/axis.ts';
import { integer, nonNegative, positive } from '../experiment/numbers.ts';
import type { Problem } from '../experiment/problem.ts';
import type { Draw } from './draw.ts';
import { images, noise, POPULATIONS, preprocessing, samples, tests } from './image-parameters.ts';
import {
  MOST_STEPS,
  type NetworkBlock,
  type NetworkRecipe,
  type NetworkTraining,
  type TrainedNetwork,
} from './network-recipe.ts';
import type { Regime } from './regime.ts';

const width = axis(integer(1, 20_000)).describe('m, units of the hidden layer');

const MOST_EPOCHS = 10_000;

const parameters = z.strictObject({
  images,
  preprocessing: preprocessing.default('unit'),
  tests,
  training: z
    .strictObject({
      optimiser: z.enum(['sgd', 'adam']).default('sgd').describe('stochastic gradient descent, or Adam (.9, .999)'),
      rate: positive().default(0.1).describe('the step, of every step'),
      batch: integer(4, 4096)
        .multipleOf(4, { error: 'a multiple of 4' })
        .default(128)
        .describe('images of a step, in random order without replacement; the last of an epoch may have fewer'),
      heldOut: integer(0, 1000)
        .refine((every) => every !== 1, { error: 'a number other than 1' })
        .default(10)
        .describe(
          'of so many images each one is kept from training, and the epoch after which the network is nearest to their labels counts; 0: the last',
        ),
    })
    .prefault({})
    .describe('of every network'),
  generator: z
    .strictObject({
      samples: samples.describe('T0, images that it learns from'),
      width,
      noise: noise.prefault(0).describe('sigma0, standard deviation of what is added to each of their ten labels'),
      epochs: integer(1, MOST_EPOCHS).describe('that it learns'),
    })
    .describe('the network that labels the synthetic part: it has learnt from other images'),
  synthetic: z
    .strictObject({
      fraction: axis(nonNegative().max(1, { error: 'a number from 0 to 1' })).describe(
        'p2, share of the images that the generator labels; their number is rounded',
      ),
      noise: noise
        .prefault(0)
        .describe('sigma2, standard deviation of what is added to each of the ten numbers that it says'),
    })
    .describe('the labels that are not real'),
  downstream: z
    .strictObject({
      samples: samples.describe('T, images that it learns from'),
      width,
      noise: noise.prefault(0).describe('sigma, standard deviation of what is added to each of the ten real labels'),
      epochs: axis(integer(0, MOST_EPOCHS)).describe('after which it is tested'),
    })
    .describe('the network whose test error is measured'),
  generations: axis(integer(0, 10), { innermost: true })
    .prefault(1)
    .describe('networks that learn one from the other, the first from the generator; 0: the generator is tested'),
});

export type NetworkParameters = Resolved<z.output<typeof parameters>>;

/**
 * Real and synthetic labels of images side by side, learnt by networks of two layers (Section 6 and Figures 6 and 7 right of arXiv:2410.04840).
 * Images, start, order and label errors are the same for every p2, start and order too for every width as far as it goes.
 */
export const network: Regime<NetworkParameters, NetworkRecipe> = {
  name: 'network',
  title: 'Networks of two layers on images of which a part is labelled by another network',
  citation: 'E. Dohmatob, Y. Feng, A. Subramonian, J. Kempe. Strong Model Collapse. ICLR 2025, arXiv:2410.04840v2',
  parameters,
  terms: false,
  problems,
  // A step is planned as a block is; cells of more are refused before.
  blocks: ({ generations, generator, downstream, training: { batch } }) => {
    const steps = (samples: number, epochs: number) => epochs * Math.ceil(samples / batch);
    const all = steps(generator.samples, generator.epochs) + generations * steps(downstream.samples, downstream.epochs);
    return 1 + Math.min(all, MOST_STEPS);
  },
  recipe: (p) => ({
    kind: 'network',
    population: POPULATIONS[p.images],
    preprocessing: p.preprocessing,
    tests: p.tests,
    estimate: networkOf(p),
  }),
  // Nobody's theorem.
  theory: () => null,
};

function networkOf({ training, generator, synthetic, downstream, generations }: NetworkParameters): TrainedNetwork {
  const trained = (
    name: string,
    generation: number,
    width: number,
    blocks: readonly NetworkBlock[],
  ): NetworkTraining => {
    const draw = (what: string): Draw => ({ unit: `network/${name}/${what}`, generation });
    const draws = { start: draw('start'), inputs: draw('images'), errors: draw('errors'), order: draw('order') };
    return { ...draws, blocks: blocks.filter(({ rows }) => rows > 0), width, ...training };
  };
  let last: TrainedNetwork = {
    training: trained('generator', 0, generator.width, [
      { rows: generator.samples, labels: 'truth', noise: generator.noise },
    ]),
    epochs: generator.epochs,
  };
  const other = Math.round(synthetic.fraction * downstream.samples);
  for (let n = 1; n <= generations; n++)
    last = {
      training: trained('downstream', n, downstream.width, [
        { rows: downstream.samples - other, labels: 'truth', noise: downstream.noise },
        { rows: other, labels: last, noise: synthetic.noise },
      ]),
      epochs: downstream.epochs,
    };
  return last;
}

function problems({ training: { heldOut }, generator, downstream }: NetworkParameters): Problem[] {
  return Object.entries({ generator, downstream }).flatMap(([path, { samples }]) =>
    samples < Math.max(1, heldOut)
      ? [
          {
            path: `${path}.samples`,
            message: `found ${samples}, need the ${heldOut} of which one is kept from training`,
          },
        ]
      : [],
  );
}
