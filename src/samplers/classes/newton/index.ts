import { type ClassRecipe, classFitsBehind } from '../../../regimes/class-recipe.ts';
import type { Sampler, SamplerJob } from '../../sampler.ts';
import { classScheduleOf } from '../schedule.ts';
import { newtonProgram } from './program.ts';
import { openNewtonReference } from './reference.ts';

/** How far f32 may move a result, as a share of it; and what one label in T that falls on its other side does, T times (docs/numerics.md, "Certificates"). */
const SHARE = 1e-3;
const LABEL = 50;

/** Linear classifiers, literally: rows, their labels, and Newton's method on weighed Gram matrices and their Cholesky factors. */
export const newton: Sampler<ClassRecipe> = {
  name: 'newton',
  version: 3,
  knows: new Set([
    'classes',
    'loss squares',
    'loss logistic',
    'sigmoid',
    'judge',
    'flips',
    'separation',
    'several blocks',
    'several labellers',
    'generations',
    'estimated covariance',
  ]),
  refuses: () => null,
  program: (job, target) => newtonProgram(schedule(job), job.seed, target),
  openReference: (job) => openNewtonReference(schedule(job), job.seed),
  rounding:
    ({ recipes }) =>
    (_, errors) =>
      recipes.map(({ estimate }, cell) => {
        const rows = classFitsBehind(estimate.fit).map(({ blocks }) =>
          blocks.reduce((sum, block) => sum + block.rows, 0),
        );
        return (SHARE + LABEL / Math.min(...rows)) * Math.abs(errors[cell]!);
      }),
};

const schedule = ({ recipes }: SamplerJob<ClassRecipe>) => classScheduleOf(recipes);
