import { z } from 'zod';
import { axis, type Resolved } from '../experiment/axis.ts';
import { integer } from '../experiment/numbers.ts';
import type { Problem } from '../experiment/problem.ts';
import { missingMassDeviation } from '../theory/tails/deviation.ts';
import { missingMass } from '../theory/tails/hutter.ts';
import { tokenLaw } from './discrete-law.ts';
import type { DiscreteRecipe, Law, Sample } from './discrete-recipe.ts';
import * as hutterian from './hutter-parameters.ts';
import type { Regime } from './regime.ts';

const samples = axis(integer(0, 10 ** 8)).prefault(0);

const parameters = z.strictObject({
  law: hutterian.law,
  real: z.strictObject({ samples: samples.describe('T_real, draws from the true law') }).prefault({}),
  synthetic: z
    .strictObject({
      samples: samples.describe('T_AI, draws from the law that has lost its tail'),
      tail: hutterian.tail,
    })
    .prefault({}),
  bought: z
    .strictObject({
      samples: z
        .union([axis(integer(0, 10 ** 8)), z.literal('as synthetic')], {
          error: 'an integer of at least 0, or "as synthetic"',
        })
        .default('as synthetic')
        .describe('draws from the tail alone'),
      first: axis(integer(1)).describe('the first token of the tail'),
    })
    .describe('data bought from the tail of the true law')
    .optional(),
});

export type HutterPooledParameters = Resolved<z.output<typeof parameters>>;

/**
 * Hutter's model trained on sets of fixed sizes side by side: real data, synthetic data without their tail, and data from the tail
 * alone (arXiv:2402.07043, Thm 3.1, Cor 3.3 and C.4).
 */
export const hutterPooled: Regime<HutterPooledParameters, DiscreteRecipe> = {
  name: 'hutter-pooled',
  title: 'A memory of tokens trained on real and synthetic data together',
  citation: hutterian.CITATION,
  parameters,
  terms: false,
  problems,
  recipe: (p) => ({
    kind: 'discrete',
    measure: 'missing-mass',
    truth: hutterian.trueLaw(p.law),
    training: setsOf(p).map(
      ({ name, size, law }): Sample => ({ draw: { unit: `hutter-pooled/${name}`, generation: 0 }, size, from: law }),
    ),
  }),
  theory: (p) => {
    const truth = tokenLaw(hutterian.trueLaw(p.law));
    const sources = setsOf(p).map(({ size, law }) => ({ law: tokenLaw(law), sizes: [size] }));
    return {
      kind: 'value',
      value: missingMass(truth, sources),
      allowance: 0,
      deviation: missingMassDeviation(truth, sources),
      source: `arXiv:2402.07043v2, ${p.bought ? 'Thm 3.1' : 'Cor 3.3'}, finite sum`,
    };
  },
};

function problems(p: HutterPooledParameters): Problem[] {
  const { law, bought } = p;
  if (setsOf(p).length === 0)
    return [{ path: 'real.samples', message: 'found no data at all, need some of some kind' }];
  if (bought === undefined || law.rest === 'lumped' || bought.first <= law.support) return [];
  return [
    {
      path: 'bought.first',
      message: `found ${bought.first}, but the law has ${law.support} tokens and nothing beyond`,
    },
  ];
}

interface TrainingSet {
  readonly name: string;
  readonly size: number;
  readonly law: Law;
}

/** The sets that are not empty. */
function setsOf({ law, real, synthetic, bought }: HutterPooledParameters): readonly TrainingSet[] {
  const truth = hutterian.trueLaw(law);
  const sets: TrainingSet[] = [
    { name: 'real', size: real.samples, law: truth },
    { name: 'synthetic', size: synthetic.samples, law: hutterian.syntheticLaw(law, synthetic.tail, 1) },
  ];
  if (bought) {
    const size = typeof bought.samples === 'number' ? bought.samples : synthetic.samples;
    sets.push({ name: 'bought', size, law: { kind: 'tail', law: truth, first: bought.first } });
  }
  return sets.filter(({ size }) => size > 0);
}
