import type { LinearRecipe } from '../../../regimes/recipe.ts';
import type { Sampler, SamplerJob } from '../../sampler.ts';
import { STACK_WORDS } from '../chain.ts';
import { steadyRounding } from '../rounding.ts';
import { jacobiProgram } from './program.ts';
import { openJacobiReference } from './reference.ts';
import { refusal } from './refusal.ts';
import { planOf } from './visits.ts';

/** How far f32 may move an estimate, as a share of it (docs/numerics.md, "Certificates"). */
const SHARE = 5e-6;

/**
 * No data matrix: how two blocks of rows share what a least-squares fit sees is a matrix of the Jacobi ensemble, which is
 * drawn as two bidiagonal ones: O(d) random numbers, then O(d) for every pair of weights (docs/samplers.md).
 */
export const jacobi: Sampler<LinearRecipe> = {
  name: 'jacobi',
  version: 1,
  knows: STACK_WORDS,
  refuses,
  program: (job) => jacobiProgram(plan(job), job.seed),
  openReference: (job) => openJacobiReference(plan(job), job.seed),
  rounding: (job) => steadyRounding(job, () => SHARE),
};

function refuses(recipe: LinearRecipe): string | null {
  const reason = refusal(recipe);
  return reason && `jacobi draws least-squares fits to one or two blocks of new data, but ${reason}`;
}

const plan = ({ recipes }: SamplerJob<LinearRecipe>) => planOf(recipes);
