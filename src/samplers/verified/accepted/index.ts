import type { VerifiedRecipe } from '../../../regimes/verified-recipe.ts';
import type { Sampler, SamplerJob } from '../../sampler.ts';
import { acceptedProgram } from './program.ts';
import { openAcceptedReference } from './reference.ts';
import { acceptedScheduleOf } from './schedule.ts';

/** How far f32 may move a coefficient, as a share of the band; and what one label that is drawn again moves, a share of rows (docs/numerics.md, "Certificates"). */
const SHARE = 1e-5;

/** Labels of a trial that may be drawn otherwise. */
const LABELS = 4;

/** Means of labels that a verifier accepts, drawn until they are. */
export const accepted: Sampler<VerifiedRecipe> = {
  name: 'accepted',
  version: 1,
  knows: new Set(['verified']),
  refuses: () => null,
  program: (job) => acceptedProgram(schedule(job), job.seed),
  openReference: (job) => openAcceptedReference(schedule(job), job.seed),
  rounding:
    ({ recipes }) =>
    (_, errors) =>
      recipes.map(({ band, directions, noise, truth, centre, estimate: { rounds, measure } }, cell) => {
        const least = Math.min(...rounds.slice(1).map(({ rows }) => rows), Number.POSITIVE_INFINITY);
        const size = band + noise + Math.abs(truth - centre);
        const moved = SHARE * size + (2 * band * LABELS) / least;
        // Of a sum of squares twice the root of it times what one is moved by.
        return measure === 'mean'
          ? moved
          : 2 * Math.sqrt(directions * Math.abs(errors[cell]!)) * moved + directions * moved ** 2;
      }),
};

const schedule = ({ recipes }: SamplerJob<VerifiedRecipe>) => acceptedScheduleOf(recipes);
