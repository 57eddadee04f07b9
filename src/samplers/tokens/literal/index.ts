import { tokenLaw } from '../../../regimes/discrete-law.ts';
import { type MemoryRecipe, samplesOf } from '../../../regimes/discrete-recipe.ts';
import { drawName } from '../../../regimes/draw.ts';
import type { Recipe } from '../../../regimes/recipe.ts';
import type { Sampler, SamplerJob } from '../../sampler.ts';
import { tokenJobOf } from '../job.ts';
import { MOST_TOKENS } from '../masses.ts';
import { tokensProgram } from './program.ts';
import { openTokensReference } from './reference.ts';

/** Missing masses, literally: every token of every sample is drawn, and the first position of each is kept (docs/tails.md). */
export const tokens: Sampler = {
  name: 'tokens',
  version: 2,
  refuses,
  program: (job) => tokensProgram(tokenJobOf(recipesOf(job)), job.seed),
  openReference: (job) => {
    const recipes = recipesOf(job);
    return openTokensReference(recipes, tokenJobOf(recipes).tokens, job.seed);
  },
};

const recipesOf = ({ recipes }: SamplerJob) => recipes as readonly MemoryRecipe[];

function refuses(recipe: Recipe): string | null {
  if (recipe.kind !== 'discrete' || recipe.measure !== 'missing-mass') return 'tokens draws missing masses only';
  const laws = [recipe.truth, ...samplesOf(recipe).flatMap(({ from }) => ('kind' in from ? [from] : []))];
  if (laws.some((law) => !(tokenLaw(law).support <= MOST_TOKENS)))
    return `tokens holds a support of at most ${MOST_TOKENS}`;
  const draws = recipe.training.map(({ draw }) => drawName(draw));
  if (new Set(draws).size < draws.length) return 'tokens needs training samples that are drawn independently';
  return null;
}
