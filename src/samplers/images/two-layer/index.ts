import {
  MOST_STEPS,
  type NetworkRecipe,
  networksBehind,
  rowsOf,
  stepsBehind,
} from '../../../regimes/network-recipe.ts';
import type { Rounding, Sampler } from '../../sampler.ts';
import type { ImageSource } from '../images.ts';
import { networkProgram } from './program.ts';
import { openNetworkReference } from './reference.ts';
import { networkScheduleOf } from './schedule.ts';

/** Steps for which single precision is sure to follow the reference: later the epoch that is best may be another one. */
const STEPS_TOGETHER = 20;

/** How far a test error may be from the reference that long, as a share of it. */
const SHARE = 1e-4;

/** Networks of two layers on images, as the part of `trained` that knows them. */
export const twoLayer = (
  images: ImageSource,
): Required<Omit<Sampler<NetworkRecipe>, 'name' | 'version' | 'knows'>> => ({
  refuses: ({ population, tests, estimate }) => {
    const { name, training, test } = population;
    if (tests > test) return `${name} has ${test} test images`;
    if (networksBehind(estimate).some((network) => rowsOf(network.training) > training))
      return `${name} has ${training} images to learn from`;
    const steps = stepsBehind(estimate);
    if (steps > MOST_STEPS) return `trained makes at most ${MOST_STEPS} steps in a trial, here it would be ${steps}`;
    return null;
  },
  program: (job, target) => networkProgram(networkScheduleOf(job.recipes), job.seed, images, target),
  prepare: (job) => images(job.recipes[0]!.population).then(() => {}),
  openReference: (job) => openNetworkReference(job.recipes, job.seed, images),
  rounding:
    ({ recipes }): Rounding =>
    (_, errors) =>
      recipes.map(({ estimate }, cell) =>
        stepsBehind(estimate) <= STEPS_TOGETHER ? SHARE * errors[cell]! : 1 + errors[cell]!,
      ),
});
