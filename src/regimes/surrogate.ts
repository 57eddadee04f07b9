import { z } from 'zod';
import { axis, type Resolved } from '../experiment/axis.ts';
import { integer, moderate } from '../experiment/numbers.ts';
import type { Problem } from '../experiment/problem.ts';
import { bestFactors, type SurrogateProblem, surrogateTestError } from '../theory/surrogate.ts';
import * as linear from './linear-parameters.ts';
import { penaltyProblems } from './range.ts';
import type { LinearRecipe } from './recipe.ts';
import type { Regime } from './regime.ts';
import { rounds } from './rounds.ts';

const parameters = z.strictObject({
  dimension: linear.dimension,
  covariance: linear.covariance,
  truth: linear.truth,
  surrogate: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('truth') }),
      z.strictObject({ kind: z.literal('optimal') }),
      z.strictObject({ kind: z.literal('optimal-mask') }),
      z.strictObject({
        kind: z.literal('mask'),
        kept: axis(integer(1)).describe(
          'coordinates, from the first on, that the surrogate has; it has 0 in the others',
        ),
      }),
      z.strictObject({ kind: z.literal('uniform'), factor: axis(moderate()).describe('of all coordinates') }),
      z.strictObject({ kind: z.literal('factors'), values: linear.values(moderate()) }),
    ])
    .prefault({ kind: 'optimal' })
    .describe(
      'what labels the rows: the truth with every coordinate times a factor; optimal: the factors at which the error is least, ' +
        'optimal-mask: the best ones that are 0 or 1, both to leading order',
    ),
  downstream: rounds.downstream.describe('the fit, whose test error is measured'),
});

export type SurrogateParameters = Resolved<z.output<typeof parameters>>;

/** A fit to labels of a model that is better for it than the truth. */
export const surrogate: Regime<SurrogateParameters, LinearRecipe> = {
  name: 'surrogate',
  title: 'A fit learns from a truth that is scaled by coordinate',
  citation:
    'M. E. Ildiz, H. A. Gozeten, E. O. Taga, M. Mondelli, S. Oymak. High-dimensional Analysis of Knowledge Distillation: ' +
    'Weak-to-Strong Generalization and Scaling Laws. ICLR 2025, arXiv:2410.18837',
  parameters,
  problems: (p) => {
    const { dimension, covariance, downstream } = p;
    const basic = [...linear.linearProblems(p), ...factorProblems(p)];
    if (basic.length > 0) return basic;
    const rows = linear.rowsOf(downstream.samples, dimension);
    return penaltyProblems('downstream.ridge', downstream.ridge, rows, [linear.spectrumOf(covariance, dimension)]);
  },
  recipe: (p) => {
    const { dimension, surrogate } = p;
    const { rows, noise, ridge } = problemOf(p);
    const draw = { unit: `surrogate/downstream:${dimension}x${rows}`, generation: 0 };
    const labels = surrogate.kind === 'truth' ? 'truth' : { factors: factorsOf(p) };
    return linear.recipeOf(p, { data: [{ rows, inputs: draw, errors: draw, labels, noise }], ridge });
  },
  theory: (p) => surrogateTestError(problemOf(p), factorsOf(p)),
};

function problemOf(p: SurrogateParameters): SurrogateProblem {
  const { dimension, covariance, downstream } = p;
  return {
    spectrum: linear.spectrumOf(covariance, dimension),
    signal: linear.signalOf(linear.truthOf(p), dimension),
    rows: linear.rowsOf(downstream.samples, dimension),
    noise: downstream.noise,
    ridge: downstream.ridge,
  };
}

/** Length d. */
function factorsOf(p: SurrogateParameters): readonly number[] {
  const { surrogate, dimension } = p;
  const each = (f: (j: number) => number) => Array.from({ length: dimension }, (_, j) => f(j));
  switch (surrogate.kind) {
    case 'truth':
      return each(() => 1);
    case 'optimal':
      return bestFactors(problemOf(p), 'any');
    case 'optimal-mask':
      return bestFactors(problemOf(p), 'mask');
    case 'mask':
      return each((j) => (j < surrogate.kept ? 1 : 0));
    case 'uniform':
      return each(() => surrogate.factor);
    case 'factors':
      return surrogate.values;
    default:
      return surrogate satisfies never;
  }
}

function factorProblems(p: SurrogateParameters): Problem[] {
  const { surrogate, dimension } = p;
  if (surrogate.kind === 'factors' && surrogate.values.length !== dimension) {
    const message = `found ${surrogate.values.length} values, need ${dimension}, one for each dimension`;
    return [{ path: 'surrogate.values', message }];
  }
  if (surrogate.kind === 'mask' && surrogate.kept > dimension)
    return [{ path: 'surrogate.kept', message: `found ${surrogate.kept}, need at most d = ${dimension}` }];
  return [];
}
