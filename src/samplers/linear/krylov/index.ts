import type { LinearRecipe } from '../../../regimes/recipe.ts';
import type { Sampler, SamplerJob } from '../../sampler.ts';
import { CHAIN_WORDS, type ChainFit, type ChainModel } from '../chain.ts';
import { chainScheduleOf } from '../chain-schedule.ts';
import { dependence, mergeReused } from '../merge-reused.ts';
import { steadyRounding } from '../rounding.ts';
import { krylovProgram } from './program.ts';
import { openKrylovReference } from './reference.ts';
import { directionsOf, MOST_DIRECTIONS } from './shape.ts';

/** How far f32 may move an estimate, as a share of it (docs/numerics.md, "Certificates"). */
const SHARE = 4e-5;

/**
 * Any covariance and any number of samples: the design is drawn only along the directions that an iterative solver of the
 * ridge problem asks for, a few dozen instead of thousands; chains of least-squares fits need no design (docs/samplers.md).
 */
export const krylov: Sampler<LinearRecipe> = {
  name: 'krylov',
  version: 4,
  knows: CHAIN_WORDS,
  refuses,
  program: (job, target) =>
    krylovProgram(schedule(job), job.seed, target).redrawn({
      source: () => openKrylovReference(schedule(job), job.seed),
    }),
  openReference: (job) => openKrylovReference(schedule(job), job.seed),
  rounding: (job) => steadyRounding(job, () => SHARE),
};

function refuses(recipe: LinearRecipe): string | null {
  const { estimate, dimension } = mergeReused(recipe);
  const reason = dependence(recipe);
  if (reason) return `krylov needs fits on independent data, but ${reason}`;
  if (!isPlainChain(estimate.data[0].labels, dimension))
    return 'krylov needs generators that are plain least squares on at least as many samples as features';
  if (estimate.ridge === 0)
    return isPlainChain(estimate, dimension) ? null : 'krylov needs a ridge, or as many samples as features';
  return tooManyDirections(recipe, estimate);
}

/** Of the ridge over the largest eigenvalue: what a fit keeps of the generators' error is a difference there, and loses as many digits. */
const MOST_RIDGE = 10;

function tooManyDirections({ spectrum, dimension }: LinearRecipe, { data: [data], ridge }: ChainFit): string | null {
  const top = spectrum.reduce((most, s) => Math.max(most, s));
  if (ridge > MOST_RIDGE * top)
    return `krylov loses digits where the ridge is more than ${MOST_RIDGE} times the largest eigenvalue`;
  const directions = directionsOf(spectrum, data.rows, ridge, data.labels === 'truth' ? 2 : 3);
  const most = Math.min(MOST_DIRECTIONS, dimension);
  return directions > most ? `krylov would need up to ${directions} directions here; it is of use up to ${most}` : null;
}

/** Whether a model is a chain of plain least-squares fits, none of minimum norm. */
function isPlainChain(model: ChainModel, dimension: number): boolean {
  for (let fit = model; fit !== 'truth'; fit = fit.data[0].labels)
    if (fit.ridge > 0 || fit.data[0].rows < dimension) return false;
  return true;
}

function schedule({ recipes }: SamplerJob<LinearRecipe>) {
  return chainScheduleOf(recipes.map(mergeReused));
}
