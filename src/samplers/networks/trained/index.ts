import { MOST_KNOWN } from '../../../kernels/networks.ts';
import { type DivisorRecipe, isTraining, trainingsOf } from '../../../regimes/divisor-recipe.ts';
import type { NetworkRecipe } from '../../../regimes/network-recipe.ts';
import type { ImageSource } from '../../images/images.ts';
import { twoLayer } from '../../images/two-layer/index.ts';
import type { Rounding, Sampler, SamplerJob } from '../../sampler.ts';
import { trainedProgram } from './program.ts';
import { openTrainedReference } from './reference.ts';
import { trainedScheduleOf } from './schedule.ts';

/** Steps for which single precision follows the reference: Adam divides by what it has seen, and differences grow from step to step. */
export const STEPS_TOGETHER = 20;

/** How far a loss may be from the reference that long, as a share of it. Later the bound says no more than that both are of one order. */
const SHARE = 1e-3;

/** Commands of a program. */
const MOST_STEPS = 20_000;

type Job = SamplerJob<DivisorRecipe | NetworkRecipe>;

/**
 * Networks that are trained, literally: every example is drawn, every step made. A trial is the reference's for some steps (`STEPS_TOGETHER`), and
 * after that another one of the same law (docs/samplers.md). Images come from `images`.
 */
export function trainedSampler(images: ImageSource): Sampler<DivisorRecipe | NetworkRecipe> {
  const onImages = twoLayer(images);
  /** A job has recipes of one kind. */
  const by = <T>(
    job: Job,
    divisors: (job: SamplerJob<DivisorRecipe>) => T,
    networks: (job: SamplerJob<NetworkRecipe>) => T,
  ): T =>
    job.recipes[0]!.kind === 'network'
      ? networks(job as SamplerJob<NetworkRecipe>)
      : divisors(job as SamplerJob<DivisorRecipe>);
  return {
    name: 'trained',
    version: 1,
    knows: new Set(['divisors', 'network', 'several blocks', 'generations']),
    refuses: (recipe) => (recipe.kind === 'network' ? onImages.refuses(recipe) : refuses(recipe)),
    program: (job, target) =>
      by(
        job,
        ({ recipes, seed }) => trainedProgram(trainedScheduleOf(recipes), seed),
        (one) => onImages.program(one, target),
      ),
    prepare: (job) => by(job, () => Promise.resolve(), onImages.prepare),
    openReference: (job) =>
      by(job, ({ recipes, seed }) => openTrainedReference(trainedScheduleOf(recipes), seed), onImages.openReference),
    rounding: (job) => by(job, rounding, onImages.rounding),
  };
}

function refuses({ estimate }: DivisorRecipe): string | null {
  const trainings = trainingsOf(estimate.training);
  const steps = trainings.reduce((sum, { examples, batch }) => sum + examples / batch, 0);
  if (steps > MOST_STEPS) return `trained makes at most ${MOST_STEPS} steps in a trial, here it would be ${steps}`;
  const known = trainings.some(({ generator }) => !isTraining(generator) && generator.known.length > MOST_KNOWN);
  return known ? `trained takes a generator that knows at most ${MOST_KNOWN} divisors` : null;
}

const rounding =
  ({ recipes }: SamplerJob<DivisorRecipe>): Rounding =>
  (_, errors) =>
    recipes.map(({ estimate: { examples, question, training } }, cell) =>
      examples / training.batch <= STEPS_TOGETHER && trainingsOf(training).length === 1 && question.kind === 'loss'
        ? SHARE * errors[cell]!
        : 1 + errors[cell]!,
    );
