import { type PairRecipe, type PairSample, trainingsBehind } from '../../../regimes/pair-recipe.ts';
import type { Recipe } from '../../../regimes/recipe.ts';
import type { Sampler, SamplerJob } from '../../sampler.ts';
import { MOST_TOKENS } from '../masses.ts';
import { pairsProgram } from './program.ts';
import { openPairsReference } from './reference.ts';
import { pairScheduleOf } from './schedule.ts';
import { contextsOf, tokensOf } from './world.ts';

/** Bigram models, literally: every token of every sequence is drawn, and all counts are kept (docs/tails.md). */
export const pairs: Sampler = {
  name: 'pairs',
  version: 2,
  refuses,
  program: (job) => pairsProgram(pairScheduleOf(recipesOf(job)), job.seed),
  openReference: (job) => {
    const recipes = recipesOf(job);
    return openPairsReference(recipes, pairScheduleOf(recipes).longest, job.seed);
  },
};

const recipesOf = ({ recipes }: SamplerJob) => recipes as readonly PairRecipe[];

/** Counts up to this are exact in f32. */
const MOST_COUNTS = 2 ** 24;

/** Products of two ranks fit into a word. */
const MOST_RANKS = 2 ** 16;

function refuses(recipe: Recipe): string | null {
  if (recipe.kind !== 'pairs') return 'pairs draws bigram models only';
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
