import { z } from 'zod';
import { axis, type Resolved } from '../experiment/axis.ts';
import { integer, nonNegative, positive } from '../experiment/numbers.ts';
import { generations, generatorProblems } from './generator-chain.ts';
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
import type { Draw, Fit, KernelRecipe, Model } from './recipe.ts';
import type { Regime } from './regime.ts';

const scale = axis(positive());

const kernel = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('rbf'), scale: scale.describe("gamma of exp(-gamma ||x - x'||^2)") }),
    z.strictObject({
      kind: z.literal('polynomial'),
      scale: scale.describe("gamma of (gamma <x, x'> + offset)^degree"),
      degree: axis(integer(1, 20)),
      offset: axis(nonNegative()).prefault(1),
    }),
  ])
  .describe('the kernel of all fits');

const parameters = z.strictObject({
  images,
  preprocessing,
  coding: z.enum(['signs', 'bits']).default('signs').describe('labels of odd and even digits: 1 and -1, or 1 and 0'),
  tests,
  kernel,
  generator: z
    .strictObject({
      samples: samples.describe('T0, images that each generator learns from'),
      noise: noise.describe('sigma0, standard deviation of the label noise of each generator'),
      ridge,
      design: z.enum(['fresh', 'reused']).default('fresh').describe('whether all generators share one set of images'),
    })
    .describe('the chain of models that label the images: kernel ridge regressions')
    .optional(),
  downstream: z
    .strictObject({
      samples: samples.describe('T, images that the last fit learns from'),
      noise: noise.describe('sigma, standard deviation of the label noise of the last fit'),
      ridge,
    })
    .describe('the fit whose test error is measured, on images labelled by the last generator'),
  generations,
});

export type KernelReplaceParameters = Resolved<z.output<typeof parameters>>;

/**
 * `replace` with kernel ridge regression on real images in place of linear regression (Section 6.2 and Figure 5 of
 * arXiv:2402.07712v2): the truth is whether a digit is odd, every generator is a fit to images labelled by the one before.
 */
export const kernelReplace: Regime<KernelReplaceParameters, KernelRecipe> = {
  name: 'kernel-replace',
  title: 'Kernel ridge regression on images whose labels went through generators',
  citation:
    'E. Dohmatob, Y. Feng, J. Kempe. Model Collapse Demystified: The Case of Regression. NeurIPS 2024, arXiv:2402.07712v2',
  parameters,
  problems: (p) => [...generatorProblems(p), ...ridgeProblems({ generator: p.generator, downstream: p.downstream })],
  recipe: ({ images, preprocessing, coding, tests, kernel, generator, downstream, generations }) => {
    const labels = generator ? chainOf(generator, generations) : 'truth';
    const estimate = fitOf(downstream, drawOf('downstream', 0), drawOf('downstream', 0), labels);
    return { kind: 'kernel', population: POPULATIONS[images], preprocessing, coding, kernel, tests, estimate };
  },
  // The mean over images is nobody's theorem.
  theory: () => null,
};

type Learner = KernelReplaceParameters['downstream'];
type Generator = NonNullable<KernelReplaceParameters['generator']>;

function chainOf(generator: Generator, generations: number): Model {
  let model: Model = 'truth';
  for (let m = 0; m < generations; m++) {
    const inputs = drawOf('generator', generator.design === 'reused' ? 0 : m);
    model = fitOf(generator, inputs, drawOf('generator', m), model);
  }
  return model;
}

function fitOf(learner: Learner, inputs: Draw, errors: Draw, labels: Model): Fit {
  const { samples: rows, noise } = learner;
  return { data: [{ rows, inputs, errors, labels, noise }], ridge: ridgeOf(learner) };
}

/** Units know no size: the images of a small sample are the first ones of a large one. */
const drawOf = (role: 'generator' | 'downstream', generation: number): Draw => ({
  unit: `kernel-replace/${role}`,
  generation,
});
