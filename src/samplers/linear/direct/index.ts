import type { Target } from '../../../kernels/tuning.ts';
import type { Program } from '../../../program/program.ts';
import { isFit, type LinearRecipe, modelsBehind } from '../../../regimes/recipe.ts';
import { undrawable } from '../../design.ts';
import { type FitSchedule, fitScheduleOf } from '../../fit-schedule.ts';
import type { Rounding, Sampler, SamplerJob } from '../../sampler.ts';
import { STACK_WORDS } from '../chain.ts';
import { fitRounding } from '../rounding.ts';
import { beyondSingle, floorsOf } from './beyond.ts';
import { checksOf, correctionsOf } from './conditioning.ts';
import { directProgram } from './program.ts';
import { conditionsOfTrial, openDirectReference } from './reference.ts';

/**
 * The data-matrix path, literally: draw every design, label it, form the Gram matrix, factor, solve, measure. Covers every
 * linear recipe and is the ground truth that all other samplers are tested against.
 */
export const direct: Sampler<LinearRecipe> = {
  name: 'direct',
  version: 5,
  knows: new Set([...STACK_WORDS, 'covariance', 'projection', 'subsample', 'scale']),
  refuses,
  program: (job, target) => scheduleProgram(schedule(job), job.seed, target),
  openReference: (job) => openDirectReference(schedule(job), job.seed),
  rounding: (job) => scheduleRounding(schedule(job), job.seed),
};

/** Rows of all fits of a cell. They pass by in blocks, and a program of more blocks takes seconds to write down and hours to run. */
const MOST_ROWS = 2 ** 25;

function refuses({ estimate }: LinearRecipe): string | null {
  const fits = modelsBehind(estimate).filter(isFit);
  for (const fit of fits) {
    const reason = undrawable(fit);
    if (reason) return `direct draws no ${reason}`;
  }
  const rows = fits.reduce((sum, { data }) => sum + data.reduce((all, block) => all + block.rows, 0), 0);
  return rows > MOST_ROWS ? `direct draws at most ${MOST_ROWS} rows for a cell, here it would be ${rows}` : null;
}

/** On a device, but for what f32 cannot do: whole schedules that are known to be of that kind, and single trials. */
export function scheduleProgram(schedule: FitSchedule, seed: number, target: Target): Program {
  const checks = checksOf(schedule);
  return directProgram(schedule, seed, target).redrawn({
    source: () => openDirectReference(schedule, seed),
    reason: beyondSingle(schedule),
    check: checks && directProgram(schedule, seed, target, checks),
    floors: floorsOf(schedule),
  });
}

/** Of what `scheduleProgram` draws. */
export function scheduleRounding(schedule: FitSchedule, seed: number): Rounding {
  const steps = { corrections: correctionsOf(schedule), checks: checksOf(schedule) };
  return fitRounding(schedule, seed, steps, (trial) => conditionsOfTrial(schedule, seed, trial));
}

const schedule = ({ recipes }: SamplerJob<LinearRecipe>) => fitScheduleOf(recipes);
