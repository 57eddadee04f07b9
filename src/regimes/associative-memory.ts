import { z } from 'zod';
import { axis, type Resolved } from '../experiment/axis.ts';
import { finite, integer } from '../experiment/numbers.ts';
import type { AssociationRecipe, Law } from './discrete-recipe.ts';
import { CITATION } from './hutter-parameters.ts';
import type { Regime } from './regime.ts';

const parameters = z.strictObject({
  law: z
    .strictObject({
      exponent: axis(finite().gt(1, { error: 'a finite number above 1' }))
        .prefault(1.5)
        .describe('beta of p_i ~ i^-beta'),
      support: axis(integer(1, 4096)).prefault(1000).describe('N, tokens there are'),
    })
    .prefault({})
    .describe('the true law of tokens, a Zipf law'),
  dimension: axis(integer(1, 2 ** 17)).describe('d, of the embeddings of tokens and labels'),
  labels: axis(integer(2, 2 ** 14))
    .prefault(10)
    .describe('m, labels there are: token i has label (i - 1) mod m + 1'),
  weights: z
    .enum(['counts', 'seen'])
    .default('counts')
    .describe(
      'counts: an association is as strong as its token is frequent; seen: all that were seen are equally strong',
    ),
  generator: z
    .strictObject({ last: axis(integer(1)).describe('k, the last token that is ever drawn') })
    .describe('what the data come from, where not from the truth')
    .optional(),
  downstream: z
    .strictObject({ samples: axis(integer(1, 2 ** 30)).describe('T, draws that the memory is made of') })
    .describe('the model whose error is measured: the mass of the tokens that it labels wrongly'),
});

export type AssociativeMemoryParameters = Resolved<z.output<typeof parameters>>;

/**
 * The limited memory of arXiv:2402.07043, Sec. 5 (after Cabannes et al., arXiv:2310.02984): tokens and labels are random vectors, and one
 * matrix holds all associations. Embeddings are corners of a cube, whose inner products have the mean and variance of those on
 * the sphere and are integers over d.
 */
export const associativeMemory: Regime<AssociativeMemoryParameters, AssociationRecipe> = {
  name: 'associative-memory',
  title: 'A memory of limited dimension, trained on a law that may have lost its tail',
  citation: CITATION,
  parameters,
  terms: false,
  problems: () => [],
  recipe: ({ law, dimension, labels, weights, generator, downstream }) => {
    const truth: Law = { kind: 'zipf', exponent: law.exponent, support: law.support, tail: 'renormalised' };
    const last = Math.min(generator?.last ?? law.support, law.support);
    const origin: Law = last < law.support ? { kind: 'cut', law: truth, last } : truth;
    const training = [{ draw: { unit: 'memory/downstream', generation: 0 }, size: downstream.samples, from: origin }];
    return { kind: 'discrete', measure: 'associations', truth, training, dimension, labels, weights };
  },
  // The triplet law, Thm 5.1, gives powers without constants (theory/tails/associative-memory.ts).
  theory: () => null,
};
