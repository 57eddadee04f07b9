import { tokenLaw } from '../../../regimes/discrete-law.ts';
import { type AssociationRecipe, isSample } from '../../../regimes/discrete-recipe.ts';
import { relativeRounding, type Sampler } from '../../sampler.ts';
import { LAW_WORDS } from '../laws.ts';
import { heaviestOf, memoryJobOf } from './job.ts';
import { memoryProgram } from './program.ts';
import { openMemoryReference } from './reference.ts';

/** How far f32 may move a test error, as a share of it (docs/numerics.md, "Certificates"). */
const SHARE = 2 ** -22;

/** Associative memories, literally, in integers: every token is drawn and every label scored (docs/tails.md). */
export const memory: Sampler<AssociationRecipe> = {
  name: 'memory',
  version: 1,
  knows: new Set(['associations', ...LAW_WORDS]),
  refuses,
  program: (job, target) => memoryProgram(memoryJobOf(job.recipes), job.seed, target),
  openReference: (job) => openMemoryReference(job.recipes, job.seed),
  rounding: () => relativeRounding(SHARE),
};

/** Inner products of all tokens are kept. */
const MOST_TOKENS = 4096;

function refuses(recipe: AssociationRecipe): string | null {
  const { training, truth, dimension, labels } = recipe;
  const [only, ...others] = training;
  if (others.length > 0 || isSample(only!.from)) return 'memory needs one training sample, from a law';
  const { support } = tokenLaw(truth);
  if (!(support <= MOST_TOKENS)) return `memory holds a support of at most ${MOST_TOKENS}`;
  // An association is below heaviest * dimension; all of one token are together. They, and both parts of their sum times inner products
  // of labels, are to fit into 31 bits (memory-recall.wgsl).
  const heaviest = heaviestOf(recipe, only!.size, support);
  const stored = Math.min(heaviest, labels, support);
  const parts = heaviest * dimension ** 2 + (2 * stored * dimension + 1) * 2 ** 13;
  if (heaviest * dimension >= 2 ** 31 || parts >= 2 ** 44 || dimension > 2 ** 17)
    return `memory counts in words: ${heaviest} draws, dimension ${dimension} and ${labels} labels are too many together`;
  return null;
}
