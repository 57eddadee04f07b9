import { z } from 'zod';
import { axis, type Resolved } from '../experiment/axis.ts';
import { nonNegative } from '../experiment/numbers.ts';
import type { Problem } from '../experiment/problem.ts';
import { mixtureTestError } from '../theory/mixture.ts';
import { weightedMixture } from '../theory/mixture-problem.ts';
import * as mixed from './mixture-parameters.ts';
import { mixtureRecipe } from './mixture-recipe.ts';
import type { LinearRecipe } from './recipe.ts';
import type { Regime } from './regime.ts';

const parameters = z.strictObject({
  ...mixed.mixed,
  synthetic: mixed.synthetic.extend({
    weight: axis(nonNegative().max(1, { error: 'a number from 0 to 1' })).describe(
      'a of (1 - a)/n1 sum over real rows + a/n2 sum over synthetic rows',
    ),
  }),
});

export type WeightedParameters = Resolved<z.output<typeof parameters>>;

/** Mixing in one step with a weight of its own for either source, eq. (16); all weights are fitted to the same draws. */
export const weighted: Regime<WeightedParameters, LinearRecipe> = {
  name: 'weighted',
  title: 'Real and synthetic rows with weights of their own',
  citation: mixed.CITATION,
  parameters,
  problems: (p) => [...mixed.mixedProblems(p), ...sourceProblems(p)],
  recipe: (p) => {
    const { real, synthetic } = mixed.rowsOf(p);
    const a = p.synthetic.weight;
    return mixtureRecipe('weighted', p, { weights: [(1 - a) / real, a / synthetic] });
  },
  theory: (p) => mixtureTestError(weightedMixture(mixed.problemOf(p), p.synthetic.weight)),
};

/** A weight needs rows to weigh. */
function sourceProblems(p: WeightedParameters): Problem[] {
  const { real, synthetic } = mixed.rowsOf(p);
  if (real > 0 && synthetic > 0) return [];
  return [{ path: 'synthetic.weight', message: 'needs rows of both kinds' }];
}
