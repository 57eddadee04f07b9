import type { LinearRecipe, Recipe } from '../../regimes/recipe.ts';
import { asChain, type ChainModel, notChain } from '../chain.ts';
import { scheduleOf } from '../chain-schedule.ts';
import { dependence, mergeReused } from '../merge-reused.ts';
import type { Sampler, SamplerJob } from '../sampler.ts';
import { openWishartGpu } from './gpu.ts';
import { openWishartReference } from './reference.ts';
import { costOf } from './shape.ts';

/**
 * At least as many rows as features in every fit, any covariance: the triangular factor of each design is drawn in place
 * of the design (Bartlett), so that sample sizes cost nothing; least squares needs no matrix at all (docs/samplers.md).
 */
export const wishart: Sampler = {
  name: 'wishart',
  version: 1,
  refuses,
  cost: (job, limits) => costOf(schedule(job), limits),
  openGpu: (job, launcher, capacity) => openWishartGpu(schedule(job), job.seed, launcher, capacity),
  openReference: (job) => openWishartReference(schedule(job), job.seed),
};

function refuses(recipe: Recipe): string | null {
  if (recipe.kind !== 'linear') return 'wishart draws linear regressions only';
  const shape = notChain(recipe);
  if (shape) return `wishart draws chains of fits, but ${shape}`;
  for (let model: ChainModel = asChain(recipe).estimate; model !== 'truth'; model = model.data[0].labels)
    if (model.data[0].rows < recipe.dimension) return 'wishart needs at least as many samples as features in every fit';
  const reason = dependence(recipe);
  return reason && `wishart needs fits on independent data, but ${reason}`;
}

function schedule(job: SamplerJob) {
  return scheduleOf((job.recipes as readonly LinearRecipe[]).map(mergeReused));
}
