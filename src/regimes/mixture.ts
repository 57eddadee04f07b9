import { z } from 'zod';
import { axis, type Resolved } from '../experiment/axis.ts';
import { integer } from '../experiment/numbers.ts';
import type { Problem } from '../experiment/problem.ts';
import { mixtureTestError } from '../theory/mixture.ts';
import { printedPrediction } from '../theory/random-projections.ts';
import * as mixed from './mixture-parameters.ts';
import { mixtureRecipe } from './mixture-recipe.ts';
import type { LinearRecipe } from './recipe.ts';
import type { Regime } from './regime.ts';

const parameters = z.strictObject({
  ...mixed.mixed,
  downstream: mixed.downstream.extend({
    features: axis(integer(1, 1_000_000))
      .describe("m, random features S'x that the fit is made on, S of d x m with entries N(0, 1/d); left out: x itself")
      .optional(),
  }),
  theory: z
    .enum(['corrected', 'printed'])
    .default('corrected')
    .describe('which form of the theorem on random projections stands beside the simulation'),
});

export type MixtureParameters = Resolved<z.output<typeof parameters>>;

/** Ridge regression, with or without random projections, on rows of which a part is labelled by another model: Thms 1 and 2, Prop 2. */
export const mixture: Regime<MixtureParameters, LinearRecipe> = {
  name: 'mixture',
  title: 'Real rows mixed with rows that another model labelled',
  citation: mixed.CITATION,
  parameters,
  problems: (p) => [...mixed.mixedProblems(p), ...printedProblems(p)],
  recipe: (p) => mixtureRecipe('mixture', p, { features: p.downstream.features }),
  theory: (p) => {
    const { features } = p.downstream;
    const problem = { ...mixed.problemOf(p), ...(features === undefined ? {} : { features }) };
    const found = mixtureTestError(problem);
    return p.theory === 'printed' ? printedPrediction(problem, found) : found;
  },
};

/** The theorem as printed is for projections and one covariance. */
function printedProblems({ theory, downstream, real, synthetic }: MixtureParameters): Problem[] {
  if (theory === 'corrected') return [];
  if (downstream.features !== undefined && !real.covariance && !synthetic.covariance) return [];
  return [{ path: 'theory', message: 'found "printed", which is for downstream.features and one covariance' }];
}
