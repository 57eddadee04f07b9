import { tokenLaw } from '../../../regimes/discrete-law.ts';
import { isSample, type PoissonMemoryRecipe } from '../../../regimes/discrete-recipe.ts';
import type { Recipe } from '../../../regimes/recipe.ts';
import type { Sampler, SamplerJob } from '../../sampler.ts';
import { tokenJobOf } from '../job.ts';
import { MOST_TOKENS } from '../masses.ts';
import { poissonProgram } from './program.ts';
import { openPoissonReference } from './reference.ts';

/**
 * Missing masses where numbers of draws are Poisson: a token's first draw is then an exponential time of its own, so that one
 * random number for each token serves all numbers of draws, however large (docs/tails.md).
 */
export const poisson: Sampler = {
  name: 'poisson',
  version: 2,
  refuses,
  program: (job) => poissonProgram(tokenJob(job), job.seed),
  openReference: (job) => openPoissonReference(tokenJob(job), job.seed),
};

const tokenJob = ({ recipes }: SamplerJob) => tokenJobOf(recipes as readonly PoissonMemoryRecipe[]);

function refuses(recipe: Recipe): string | null {
  if (recipe.kind !== 'discrete' || recipe.measure !== 'poisson-missing-mass')
    return 'poisson draws missing masses of Poisson numbers of draws only';
  const [sample, ...others] = recipe.training;
  if (others.length > 0 || isSample(sample!.from)) return 'poisson draws one sample, from a law';
  if (!(tokenLaw(recipe.truth).support <= MOST_TOKENS && tokenLaw(sample!.from).support <= MOST_TOKENS))
    return `poisson holds a support of at most ${MOST_TOKENS}`;
  return null;
}
