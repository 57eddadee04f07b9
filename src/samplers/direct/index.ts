import type { LinearRecipe, Recipe } from '../../regimes/recipe.ts';
import type { Sampler, SamplerJob } from '../sampler.ts';
import { scheduleOf } from '../schedule.ts';
import { openDirectGpu } from './gpu.ts';
import { openDirectReference } from './reference.ts';
import { costOf } from './shape.ts';

/**
 * The data-matrix path, literally: draw every design, label it, form the Gram matrix, factor, solve, measure. Covers every
 * linear recipe and is the ground truth that all other samplers are tested against.
 */
export const direct: Sampler = {
  name: 'direct',
  version: 1,
  refuses: (recipe: Recipe) => (recipe.kind === 'linear' ? null : 'direct draws linear regressions only'),
  cost: (job, limits) => costOf(schedule(job), limits),
  openGpu: (job, launcher, capacity) => openDirectGpu(schedule(job), job.seed, launcher, capacity),
  openReference: (job) => openDirectReference(schedule(job), job.seed),
};

function schedule(job: SamplerJob) {
  return scheduleOf(job.recipes as readonly LinearRecipe[]);
}
