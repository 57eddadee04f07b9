import type { LinearRecipe, Recipe } from '../../../regimes/recipe.ts';
import type { Sampler, SamplerJob } from '../../sampler.ts';
import { notChain } from '../chain.ts';
import { chainScheduleOf } from '../chain-schedule.ts';
import { dependence, mergeReused } from '../merge-reused.ts';
import { bidiagonalProgram } from './program.ts';
import { openBidiagonalReference } from './reference.ts';

/**
 * No data matrix: all eigenvalues equal, so each design looks the same from every model, and a fit moves the model that
 * labels it by a vector whose law is known: O(1) for least squares, O(min(T, d)) for ridge (docs/samplers.md).
 */
export const bidiagonal: Sampler = {
  name: 'bidiagonal',
  version: 2,
  refuses,
  program: (job) => bidiagonalProgram(schedule(job), job.seed),
  openReference: (job) => openBidiagonalReference(schedule(job), job.seed),
};

function refuses(recipe: Recipe): string | null {
  if (recipe.kind !== 'linear') return 'bidiagonal draws linear regressions only';
  if (recipe.spectrum.some((s) => s !== recipe.spectrum[0])) return 'bidiagonal needs all eigenvalues equal';
  const shape = notChain(recipe);
  if (shape) return `bidiagonal draws chains of fits, but ${shape}`;
  const reason = dependence(recipe);
  return reason && `bidiagonal needs fits on independent data, but ${reason}`;
}

function schedule(job: SamplerJob) {
  return chainScheduleOf((job.recipes as readonly LinearRecipe[]).map(mergeReused));
}
