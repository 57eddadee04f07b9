import type { KernelRecipe, Recipe } from '../../regimes/recipe.ts';
import { asChain, type ChainModel, notChain } from '../chain.ts';
import type { Sampler, SamplerJob } from '../sampler.ts';
import { openKernelGpu } from './gpu.ts';
import type { ImageSource } from './images.ts';
import { openKernelReference } from './reference.ts';
import { kernelScheduleOf } from './schedule.ts';
import { kernelCost } from './shape.ts';

/** Kernel ridge regressions on images, literally: kernel matrix, Cholesky factor, predictions on the test images. */
export function kernelSampler(images: ImageSource): Sampler {
  return {
    name: 'kernel',
    version: 1,
    refuses,
    cost: (job, limits) => kernelCost(kernelScheduleOf(recipesOf(job)), limits),
    prepare: (job) => images(recipesOf(job)[0]!.population).then(() => {}),
    openGpu: (job, launcher, capacity) =>
      openKernelGpu(kernelScheduleOf(recipesOf(job)), job.seed, images, launcher, capacity),
    openReference: (job) => openKernelReference(recipesOf(job), job.seed, images),
  };
}

const recipesOf = ({ recipes }: SamplerJob) => recipes as readonly KernelRecipe[];

function refuses(recipe: Recipe): string | null {
  if (recipe.kind !== 'kernel') return 'kernel draws kernel ridge regressions only';
  const { name, training, test } = recipe.population;
  if (recipe.tests > test) return `${name} has ${test} test images`;
  const reason = notChain(recipe);
  if (reason) return `kernel needs fits to one block of images each, but ${reason}`;
  for (let model: ChainModel = asChain(recipe).estimate; model !== 'truth'; model = model.data[0].labels) {
    if (!(model.ridge > 0)) return 'kernel needs a ridge above 0 in every fit';
    if (model.data[0].rows > training) return `${name} has ${training} images to learn from`;
  }
  return null;
}
