import type { Target } from '../../../kernels/tuning.ts';
import type { Program } from '../../../program/program.ts';
import type { LinearRecipe } from '../../../regimes/recipe.ts';
import { fitScheduleOf } from '../../fit-schedule.ts';
import type { Rounding, Sampler, SamplerJob } from '../../sampler.ts';
import { type Chain, type ChainModel, isChain, STACK_WORDS } from '../chain.ts';
import { type ChainSchedule, chainScheduleOf } from '../chain-schedule.ts';
import { MOST_SIGNAL, signalRatio } from '../direct/beyond.ts';
import { scheduleProgram, scheduleRounding } from '../direct/index.ts';
import { openDirectReference } from '../direct/reference.ts';
import { dependence, mergeReused } from '../merge-reused.ts';
import { fitRounding } from '../rounding.ts';
import { wishartChecks, wishartCorrections } from './corrections.ts';
import { wishartProgram } from './program.ts';
import { irreducible, reduced } from './reduced.ts';
import { openWishartReference, wishartConditions } from './reference.ts';

/**
 * More rows than features, any covariance: the triangular factor of each design is drawn in place of the design (Bartlett), so
 * that sample sizes cost nothing. In chains least squares needs no matrix at all; of stacked fits every tall block is
 * replaced, and `direct` does the rest (docs/samplers.md).
 */
export const wishart: Sampler<LinearRecipe> = {
  name: 'wishart',
  version: 5,
  knows: new Set([...STACK_WORDS, 'covariance', 'scale']),
  refuses,
  program: (job, target) =>
    isStacked(job) ? scheduleProgram(stacked(job), job.seed, target) : chainProgram(schedule(job), job.seed, target),
  openReference: (job) =>
    isStacked(job) ? openDirectReference(stacked(job), job.seed) : openWishartReference(schedule(job), job.seed),
  rounding: (job) =>
    isStacked(job) ? scheduleRounding(stacked(job), job.seed) : chainRounding(schedule(job), job.seed),
};

/** As `scheduleProgram` of `direct` does. */
function chainProgram(schedule: ChainSchedule, seed: number, target: Target): Program {
  const checks = wishartChecks(schedule);
  return wishartProgram(schedule, seed, target).redrawn({
    source: () => openWishartReference(schedule, seed),
    check: checks && wishartProgram(schedule, seed, target, checks),
  });
}

/** As `scheduleRounding` of `direct` does. */
function chainRounding(schedule: ChainSchedule, seed: number): Rounding {
  const steps = { corrections: wishartCorrections(schedule), checks: wishartChecks(schedule) };
  return fitRounding(schedule, seed, steps, (trial) => wishartConditions(schedule, seed, trial));
}

function refuses(recipe: LinearRecipe): string | null {
  if (isChain(recipe)) return refusesChain(recipe);
  const reason = irreducible(recipe);
  return reason && `wishart draws the triangular factors of blocks, but ${reason}`;
}

function refusesChain(recipe: Chain): string | null {
  const { estimate } = recipe;
  const noises: number[] = [];
  for (let model: ChainModel = estimate; model !== 'truth'; model = model.data[0].labels) {
    if (model.data[0].rows < recipe.dimension) return 'wishart needs at least as many samples as features in every fit';
    noises.push(model.data[0].noise);
  }
  const reason = dependence(recipe);
  if (reason) return `wishart needs fits on independent data, but ${reason}`;
  const drowns = signalRatio(recipe, estimate.data[0].rows, estimate.ridge, noises) > MOST_SIGNAL;
  return drowns
    ? 'wishart would lose the test error beside a truth that is so much larger (eigenvalues times w0^2)'
    : null;
}

type Job = SamplerJob<LinearRecipe>;

const isStacked = ({ recipes }: Job) => recipes.some((recipe) => !isChain(recipe));

const stacked = ({ recipes }: Job) => fitScheduleOf(recipes.map(reduced));

const schedule = ({ recipes }: Job) => chainScheduleOf(recipes.map(mergeReused));
