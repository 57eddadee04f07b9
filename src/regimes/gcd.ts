import { z } from 'zod';
import { axis, type Resolved } from '../experiment/axis.ts';
import { finite, integer } from '../experiment/numbers.ts';
import { BASES, learntSkills, rightlyShown } from '../theory/tails/gcd.ts';
import { missingMass } from '../theory/tails/hutter.ts';
import { tokenLaw } from './discrete-law.ts';
import type { Law, MemoryRecipe } from './discrete-recipe.ts';
import { CITATION } from './hutter-parameters.ts';
import type { Regime } from './regime.ts';

const SHARE = 'a number from 0 to 1';

const parameters = z.strictObject({
  base: z
    .union(
      BASES.map((base) => z.literal(base)),
      { error: `one of ${BASES.join(', ')}` },
    )
    .describe('B, in which the generator reads numbers: it decides which divisors it has learnt'),
  support: axis(integer(1, 2 ** 20 - 1))
    .prefault(100_000)
    .describe('divisors that are told apart; larger ones are never learnt'),
  synthetic: axis(finite().min(0, { error: SHARE }).max(1, { error: SHARE }))
    .prefault(0)
    .describe('share of the examples that the generator labels'),
  downstream: z
    .strictObject({ samples: axis(integer(1, 10 ** 8)).describe('T, examples that the last model learns from') })
    .describe('the model whose error is measured: the chance of a pair whose divisor it does not know'),
});

export type GcdParameters = Resolved<z.output<typeof parameters>>;

/**
 * Appendix G of arXiv:2402.07043 without a transformer: greatest common divisors as skills with a Zipf law of exponent 2, each known once
 * it was shown rightly. A generator answers with the largest divisor that it has learnt itself.
 */
export const gcd: Regime<GcdParameters, MemoryRecipe> = {
  name: 'gcd',
  title: 'Greatest common divisors, taught by a model that has learnt some',
  citation: CITATION,
  parameters,
  terms: false,
  problems: () => [],
  recipe: ({ base, support, synthetic, downstream }) => {
    const truth = skills(support);
    const tokens = learntSkills(base).filter((skill) => skill <= support);
    const shown: Law = synthetic > 0 ? { kind: 'thinned', law: truth, tokens, share: 1 - synthetic } : truth;
    const training = [{ draw: { unit: 'gcd/downstream', generation: 0 }, size: downstream.samples, from: shown }];
    return { kind: 'discrete', measure: 'missing-mass', truth, training };
  },
  theory: ({ base, support, synthetic, downstream }) => {
    const truth = tokenLaw(skills(support));
    const source = { law: rightlyShown(truth, base, synthetic), sizes: [downstream.samples] };
    return {
      kind: 'value',
      value: missingMass(truth, [source]),
      allowance: 0,
      source: 'arXiv:2402.07043v2, App. G, finite sum',
    };
  },
};

const skills = (support: number): Law => ({ kind: 'zipf', exponent: 2, support, tail: 'lumped' });
