import type { GaussianRecipe } from '../../../regimes/gaussian-recipe.ts';
import type { Sampler, SamplerJob } from '../../sampler.ts';
import { refitProgram } from './program.ts';
import { openRefitReference } from './reference.ts';
import { refitScheduleOf } from './schedule.ts';

/** How far f32 moves a factor in a round, as a share of it and for each dimension (docs/numerics.md, "Certificates"). */
const SHARE = 2e-6;

/** Means and covariances of rows that nobody draws: a normal vector and Bartlett's triangle in place of n rows. */
export const refits: Sampler<GaussianRecipe> = {
  name: 'refits',
  version: 1,
  knows: new Set(['gaussian']),
  refuses: () => null,
  program: (job) => refitProgram(schedule(job), job.seed),
  openReference: (job) => openRefitReference(schedule(job), job.seed),
  rounding:
    ({ recipes }) =>
    (_, errors) =>
      recipes.map(({ dimension, estimate: { rounds, measure } }, cell) => {
        const share = SHARE * rounds.length * dimension;
        const size = Math.abs(errors[cell]!);
        return measure === 'log-volume'
          ? share * (1 + size)
          : share * size + (measure === 'variance' ? 0 : share * dimension);
      }),
};

const schedule = ({ recipes }: SamplerJob<GaussianRecipe>) => refitScheduleOf(recipes);
