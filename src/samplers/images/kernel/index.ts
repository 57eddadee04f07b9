import { type Fit, isFit, type KernelRecipe, type Model, type Recipe } from '../../../regimes/recipe.ts';
import type { Sampler, SamplerJob } from '../../sampler.ts';
import type { ImageSource } from '../images.ts';
import { kernelProgram } from './program.ts';
import { openKernelReference } from './reference.ts';
import { kernelScheduleOf } from './schedule.ts';

/** Kernel ridge regressions on images, literally: kernel matrix, Cholesky factor, predictions on the test images. */
export function kernelSampler(images: ImageSource): Sampler {
  return {
    name: 'kernel',
    version: 1,
    refuses,
    program: (job, target) => kernelProgram(kernelScheduleOf(recipesOf(job)), job.seed, images, target),
    prepare: (job) => images(recipesOf(job)[0]!.population).then(() => {}),
    openReference: (job) => openKernelReference(recipesOf(job), job.seed, images),
  };
}

const recipesOf = ({ recipes }: SamplerJob) => recipes as readonly KernelRecipe[];

function refuses(recipe: Recipe): string | null {
  if (recipe.kind !== 'kernel') return 'kernel draws kernel ridge regressions only';
  const { name, test } = recipe.population;
  if (recipe.tests > test) return `${name} has ${test} test images`;
  return refusesFit(recipe.estimate, recipe);
}

function refusesFit(fit: Fit, recipe: KernelRecipe): string | null {
  const { name, training } = recipe.population;
  const { data, ridge, projection, subsample } = fit;
  if (!(ridge > 0)) return 'kernel needs a ridge above 0 in every fit';
  if (subsample) return 'kernel needs fits to all of their data';
  if ((projection !== undefined) !== (recipe.kernel.kind === 'random-features'))
    return 'kernel needs a projection in every fit to random features, and in no other';
  let rows = 0;
  for (const { inputs, first = 0, weight = 1, spectrum, rows: more } of data) {
    const { unit, generation } = data[0]!.inputs;
    if (inputs.unit !== unit || inputs.generation !== generation || first !== rows || weight !== 1 || spectrum)
      return 'kernel needs fits to images of one draw, block after block and without weights';
    rows += more;
  }
  if (rows > training) return `${name} has ${training} images to learn from`;
  for (const { labels } of data) {
    const reason = refusesLabels(labels, recipe);
    if (reason) return reason;
  }
  return null;
}

function refusesLabels(labels: Model, recipe: KernelRecipe): string | null {
  if (labels === 'truth') return null;
  return isFit(labels) ? refusesFit(labels, recipe) : 'kernel has no truth that is shifted';
}
