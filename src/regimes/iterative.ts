import { z } from 'zod';
import { axis, type Resolved } from '../experiment/axis.ts';
import { integer } from '../experiment/numbers.ts';
import type { Problem } from '../experiment/problem.ts';
import { iterativeTestError } from '../theory/iterative-mixing.ts';
import { mixtureTestError } from '../theory/mixture.ts';
import * as linear from './linear-parameters.ts';
import * as mixed from './mixture-parameters.ts';
import type { Block, LinearRecipe, Model } from './recipe.ts';
import type { Regime } from './regime.ts';

const parameters = z.strictObject({
  ...mixed.mixed,
  real: mixed.real.omit({ covariance: true }).extend({
    design: z
      .enum(['fresh', 'reused'])
      .default('fresh')
      .describe('whether each iteration sees other real data, or all of them the same, label noise included'),
  }),
  synthetic: mixed.synthetic.omit({ covariance: true }),
  generations: axis(integer(0, 10_000), { innermost: true })
    .prefault([1])
    .describe(
      'number of fits, each to the real rows and to fresh rows labelled by the one before; 0: to the real rows alone',
    ),
});

export type IterativeParameters = Resolved<z.output<typeof parameters>>;

/** Iterative mixing, Section 3.3: the first model is w2, whose error is c^2; every further one is fitted to labels of the one before. */
export const iterative: Regime<IterativeParameters, LinearRecipe> = {
  name: 'iterative',
  title: 'Every generation learns from real rows and labels of the one before',
  citation: mixed.CITATION,
  parameters,
  problems: (p) => [...mixed.mixedProblems(p), ...cleanProblems(p)],
  recipe: (p) => linear.recipeOf(p, { data: dataOf(p), ridge: mixed.ridgeOf(p) }),
  theory: (p) => {
    const problem = mixed.problemOf(p);
    if (p.generations === 0) return mixtureTestError({ ...problem, synthetic: { ...problem.synthetic, rows: 0 } });
    const real = { ...problem.real, design: p.real.design };
    return iterativeTestError({ ...problem, real, iterations: p.generations });
  },
};

/** Of the last fit. */
function dataOf(p: IterativeParameters): readonly Block[] {
  const rows = mixed.rowsOf(p);
  const block = (role: 'real' | 'synthetic', generation: number, labels: Model): Block => {
    const draw = { unit: `iterative/${role}:${p.dimension}x${rows[role]}`, generation };
    return { rows: rows[role], inputs: draw, errors: draw, labels, noise: p[role].noise };
  };
  const realAt = (t: number) => block('real', p.real.design === 'reused' ? 0 : t, 'truth');
  if (p.generations === 0) return [realAt(0)];
  const ridge = mixed.ridgeOf(p);
  let [data, model]: [readonly Block[], Model] = [[], mixed.shiftedTruth('iterative', p)];
  for (let t = 0; t < p.generations; t++) {
    data = [realAt(t), block('synthetic', t, model)].filter(({ rows }) => rows > 0);
    model = { data, ridge };
  }
  return data;
}

function cleanProblems(p: IterativeParameters): Problem[] {
  if (p.generations > 0 || mixed.rowsOf(p).real > 0) return [];
  return [{ path: 'generations', message: 'found 0, the real rows alone, of which there are none' }];
}
