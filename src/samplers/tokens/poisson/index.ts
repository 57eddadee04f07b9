import { tokenLaw } from '../../../regimes/discrete-law.ts';
import { isSample, type PoissonMemoryRecipe } from '../../../regimes/discrete-recipe.ts';
import { relativeRounding, type Sampler } from '../../sampler.ts';
import { tokenJobOf } from '../job.ts';
import { LAW_WORDS } from '../laws.ts';
import { MOST_TOKENS } from '../masses.ts';
import { poissonProgram } from './program.ts';
import { openPoissonReference } from './reference.ts';

/** How far f32 may move a test error, as a share of it (docs/numerics.md, "Certificates"). */
const SHARE = 2 ** -22;

/**
 * Missing masses where numbers of draws are Poisson: a token's first draw is then an exponential time of its own, so that one
 * random number for each token serves all numbers of draws, however large (docs/tails.md).
 */
export const poisson: Sampler<PoissonMemoryRecipe> = {
  name: 'poisson',
  version: 2,
  knows: new Set(['poisson-missing-mass', ...LAW_WORDS]),
  refuses,
  program: (job) => poissonProgram(tokenJobOf(job.recipes), job.seed),
  openReference: (job) => openPoissonReference(tokenJobOf(job.recipes), job.seed),
  rounding: () => relativeRounding(SHARE),
};

function refuses(recipe: PoissonMemoryRecipe): string | null {
  const [sample, ...others] = recipe.training;
  if (others.length > 0 || isSample(sample!.from)) return 'poisson draws one sample, from a law';
  if (!(tokenLaw(recipe.truth).support <= MOST_TOKENS && tokenLaw(sample!.from).support <= MOST_TOKENS))
    return `poisson holds a support of at most ${MOST_TOKENS}`;
  return null;
}
