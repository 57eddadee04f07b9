import { type PairRecipe, type PairSample, trainingsBehind } from '../../../regimes/pair-recipe.ts';
import { relativeRounding, type Sampler } from '../../sampler.ts';
import { LAW_WORDS } from '../laws.ts';
import { MOST_TOKENS } from '../masses.ts';
import { pairsProgram } from './program.ts';
import { openPairsReference } from './reference.ts';
import { pairScheduleOf } from './schedule.ts';
import { contextsOf, tokensOf } from './world.ts';

/** How far f32 may move a test error, as a share of it (docs/numerics.md, "Certificates"). */
const SHARE = 5e-6;

/** Bigram models, literally: every token of every sequence is drawn, and all counts are kept (docs/tails.md). */
export const pairs: Sampler<PairRecipe> = {
  name: 'pairs',
  version: 2,
  knows: new Set(['pairs', 'generations', ...LAW_WORDS]),
  refuses,
  program: (job) => pairsProgram(pairScheduleOf(job.recipes), job.seed),
  openReference: ({ recipes, seed }) => openPairsReference(recipes, pairScheduleOf(recipes).longest, seed),
  rounding: () => relativeRounding(SHARE),
};

/** Counts up to this are exact in f32. */
const MOST_COUNTS = 2 ** 24;

/** Products of two ranks fit into a word. */
const MOST_RANKS = 2 ** 16;

function refuses(recipe: PairRecipe): string | null {
  if (!(contextsOf(recipe) <= MOST_TOKENS)) return `pairs holds at most ${MOST_TOKENS} contexts`;
  if (!(tokensOf(recipe) <= MOST_RANKS)) return `pairs holds at most ${MOST_RANKS} tokens`;
  if (largest(recipe.training) * recipe.length > MOST_COUNTS) return `pairs counts to ${MOST_COUNTS} at most`;
  return null;
}

/** Sequences of the largest training set behind and among these. */
function largest(training: readonly PairSample[]): number {
  return trainingsBehind(training).reduce(
    (most, samples) =>
      Math.max(
        most,
        samples.reduce((sum, { size }) => sum + size, 0),
      ),
    0,
  );
}
