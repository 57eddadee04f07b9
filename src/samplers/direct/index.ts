import type { Launcher } from '../../gpu/launcher.ts';
import type { LinearRecipe, Recipe } from '../../regimes/recipe.ts';
import { checked, rescued, unaccelerated } from '../rescue.ts';
import type { Sampler, SamplerJob, TrialSource } from '../sampler.ts';
import { type Schedule, scheduleOf } from '../schedule.ts';
import { floorsOf, isBeyondSingle } from './beyond.ts';
import { type Corrections, checksOf } from './conditioning.ts';
import { openDirectGpu } from './gpu.ts';
import { openDirectReference } from './reference.ts';
import { costOf } from './shape.ts';

/**
 * The data-matrix path, literally: draw every design, label it, form the Gram matrix, factor, solve, measure. Covers every
 * linear recipe and is the ground truth that all other samplers are tested against.
 */
export const direct: Sampler = {
  name: 'direct',
  version: 2,
  refuses: (recipe: Recipe) => (recipe.kind === 'linear' ? null : 'direct draws linear regressions only'),
  cost: (job, limits) => costOf(schedule(job), limits),
  openGpu: (job, launcher, capacity) => openSchedule(schedule(job), job.seed, launcher, capacity),
  openReference: (job) => openDirectReference(schedule(job), job.seed),
};

/** On a device, but for what f32 cannot do: whole schedules that are known to be of that kind, and single trials. */
export async function openSchedule(
  schedule: Schedule,
  seed: number,
  launcher: Launcher,
  capacity: number,
): Promise<TrialSource> {
  const reference = openDirectReference(schedule, seed);
  if (isBeyondSingle(schedule)) return unaccelerated(reference, schedule.cells.length, capacity);
  const device = await openDirectGpu(schedule, seed, launcher, capacity);
  const checks = checksOf(schedule);
  const open = (steps: Corrections) => openDirectGpu(schedule, seed, launcher, capacity, steps);
  return rescued(checks ? checked(device, await open(checks)) : device, reference, floorsOf(schedule));
}

function schedule(job: SamplerJob) {
  return scheduleOf(job.recipes as readonly LinearRecipe[]);
}
