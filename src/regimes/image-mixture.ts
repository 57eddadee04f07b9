import { z } from 'zod';
import { axis, type Resolved } from '../experiment/axis.ts';
import { integer, nonNegative } from '../experiment/numbers.ts';
import {
  images,
  noise,
  POPULATIONS,
  preprocessing,
  ridge,
  ridgeOf,
  ridgeProblems,
  samples,
  tests,
} from './image-parameters.ts';
import type { Block, Draw, Fit, KernelRecipe } from './recipe.ts';
import type { Regime } from './regime.ts';

const features = axis(integer(1, 10_000_000)).describe("m, random features max(0, s'x), s ~ N(0, I / 784)");

const parameters = z.strictObject({
  images,
  preprocessing,
  tests,
  synthetic: z
    .strictObject({
      fraction: axis(nonNegative().max(1, { error: 'a number from 0 to 1' })).describe(
        'p2, share of the images that the generator labels; their number is rounded',
      ),
      noise: noise
        .prefault(0.1)
        .describe('sigma2, standard deviation of what is added to each of the ten numbers that the generator says'),
    })
    .describe('the labels that are not real'),
  generator: z
    .strictObject({ samples: samples.describe('T0, images that it learns from'), features, ridge })
    .describe(
      'what labels the synthetic part: a ridge regression on other images, real labels and features of its own',
    ),
  downstream: z
    .strictObject({ samples: samples.describe('T, images that the last fit learns from'), features, ridge })
    .describe('the fit whose test error is measured'),
});

export type ImageMixtureParameters = Resolved<z.output<typeof parameters>>;

/**
 * Real and synthetic labels of images side by side, one number for each of ten digits, learnt by ridge regression on random
 * features (Section 6 and Figure 7 left of arXiv:2410.04840). Images, features and label errors are the same for every p2.
 */
export const imageMixture: Regime<ImageMixtureParameters, KernelRecipe> = {
  name: 'image-mixture',
  title: 'Random features on images of which a part is labelled by another model',
  citation: 'E. Dohmatob, Y. Feng, A. Subramonian, J. Kempe. Strong Model Collapse. ICLR 2025, arXiv:2410.04840v2',
  parameters,
  // Real labels have no noise that could be told from that of synthetic ones.
  terms: false,
  problems: ({ generator, downstream }) => ridgeProblems({ generator, downstream }),
  recipe: ({ images, preprocessing, tests, synthetic, generator, downstream }) => {
    const draw = drawOf('downstream');
    const other = Math.round(synthetic.fraction * downstream.samples);
    const real = downstream.samples - other;
    const clean: Omit<Block, 'rows'> = { inputs: draw, errors: draw, labels: 'truth', noise: 0 };
    const teacher = fitOf('generator', generator, [
      { rows: generator.samples, inputs: drawOf('generator'), errors: drawOf('generator'), labels: 'truth', noise: 0 },
    ]);
    const blocks = [
      { ...clean, rows: real },
      { ...clean, rows: other, first: real, labels: teacher, noise: synthetic.noise },
    ];
    return {
      kind: 'kernel',
      population: POPULATIONS[images],
      preprocessing,
      coding: 'one-hot',
      kernel: { kind: 'random-features', activation: 'relu' },
      tests,
      estimate: fitOf(
        'downstream',
        downstream,
        blocks.filter((block) => block.rows > 0),
      ),
    };
  },
  // The mean over images is nobody's theorem.
  theory: () => null,
};

type Role = 'generator' | 'downstream';

function fitOf(role: Role, learner: ImageMixtureParameters[Role], data: readonly Block[]): Fit {
  const projection = { features: learner.features, draw: drawOf(`${role}/features`) };
  return { data, ridge: ridgeOf(learner), projection };
}

/** Units know no size: few images, and few features, are the first ones of many. */
const drawOf = (name: Role | `${Role}/features`): Draw => ({ unit: `image-mixture/${name}`, generation: 0 });
