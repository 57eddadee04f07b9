import { tokenLaw } from '../../../regimes/discrete-law.ts';
import { type MemoryRecipe, samplesOf } from '../../../regimes/discrete-recipe.ts';
import { drawName } from '../../../regimes/draw.ts';
import { relativeRounding, type Sampler } from '../../sampler.ts';
import { tokenJobOf } from '../job.ts';
import { LAW_WORDS } from '../laws.ts';
import { MOST_TOKENS } from '../masses.ts';
import { tokensProgram } from './program.ts';
import { openTokensReference } from './reference.ts';

/** How far f32 may move a test error, as a share of it (docs/numerics.md, "Certificates"). */
const SHARE = 2 ** -22;

/** Missing masses, literally: every token of every sample is drawn, and the first position of each is kept (docs/tails.md). */
export const tokens: Sampler<MemoryRecipe> = {
  name: 'tokens',
  version: 2,
  knows: new Set(['missing-mass', 'generations', ...LAW_WORDS]),
  refuses,
  program: (job) => tokensProgram(tokenJobOf(job.recipes), job.seed),
  openReference: ({ recipes, seed }) => openTokensReference(recipes, tokenJobOf(recipes).tokens, seed),
  rounding: () => relativeRounding(SHARE),
};

function refuses(recipe: MemoryRecipe): string | null {
  const laws = [recipe.truth, ...samplesOf(recipe).flatMap(({ from }) => ('kind' in from ? [from] : []))];
  if (laws.some((law) => !(tokenLaw(law).support <= MOST_TOKENS)))
    return `tokens holds a support of at most ${MOST_TOKENS}`;
  const draws = recipe.training.map(({ draw }) => drawName(draw));
  if (new Set(draws).size < draws.length) return 'tokens needs training samples that are drawn independently';
  return null;
}
