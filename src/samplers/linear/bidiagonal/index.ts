import type { LinearRecipe } from '../../../regimes/recipe.ts';
import type { Sampler, SamplerJob } from '../../sampler.ts';
import { CHAIN_WORDS } from '../chain.ts';
import { chainScheduleOf } from '../chain-schedule.ts';
import { dependence, mergeReused } from '../merge-reused.ts';
import { bidiagonalProgram } from './program.ts';
import { openBidiagonalReference } from './reference.ts';

/**
 * No data matrix: all eigenvalues equal, so each design looks the same from every model, and a fit moves the model that
 * labels it by a vector whose law is known: O(1) for least squares, O(min(T, d)) for ridge (docs/samplers.md).
 */
export const bidiagonal: Sampler<LinearRecipe> = {
  name: 'bidiagonal',
  version: 2,
  knows: CHAIN_WORDS,
  refuses,
  program: (job) => bidiagonalProgram(schedule(job), job.seed),
  openReference: (job) => openBidiagonalReference(schedule(job), job.seed),
};

function refuses(recipe: LinearRecipe): string | null {
  if (recipe.spectrum.some((s) => s !== recipe.spectrum[0])) return 'bidiagonal needs all eigenvalues equal';
  const reason = dependence(recipe);
  return reason && `bidiagonal needs fits on independent data, but ${reason}`;
}

function schedule({ recipes }: SamplerJob<LinearRecipe>) {
  return chainScheduleOf(recipes.map(mergeReused));
}
