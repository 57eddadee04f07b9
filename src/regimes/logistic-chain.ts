import { z } from 'zod';
import { axis, type Resolved } from '../experiment/axis.ts';
import { integer, nonNegative, positive } from '../experiment/numbers.ts';
import type { Problem } from '../experiment/problem.ts';
import { classPrediction, LOGISTIC_SOURCE } from '../theory/classes.ts';
import { accumulatedDistance, replacedDistance } from '../theory/logistic-distance.ts';
import type { ClassBlock, ClassFit, ClassRecipe } from './class-recipe.ts';
import * as judged from './judged.ts';
import type { Regime } from './regime.ts';

const parameters = z.strictObject({
  dimension: axis(integer(2, 2048)).describe('d, number of features, which are independent standard normals'),
  truth: z.strictObject({ norm: axis(positive()).describe('|w0|, of the model that makes the first labels') }),
  downstream: z.strictObject({
    samples: axis(integer(3, 2 ** 20)).describe('n, fresh rows of each round'),
    ridge: axis(nonNegative())
      .prefault(0)
      .describe("lambda of -(1/n) sum ln sigmoid(y x'w) + (lambda/2) |w|^2; 0: the greatest likelihood"),
  }),
  generations: axis(integer(0, 50), { innermost: true })
    .prefault([0, 1, 2, 3, 4, 5])
    .describe('rounds in which the fit before makes the labels; 0 learns from the truth'),
  data: z
    .enum(['replace', 'accumulate'])
    .default('replace')
    .describe('whether a fit learns from the rows of its own round, or from those of all rounds so far'),
  measure: z
    .enum(['norm', 'cosine', 'misclassified', 'distance'])
    .default('norm')
    .describe("|w|; cosine of w and w0; share of fresh rows that sign(x'w) and sign(x'w0) class apart; |w - w0|^2"),
});

export type LogisticChainParameters = Resolved<z.output<typeof parameters>>;

/**
 * Logistic regressions that learn one from the labels that the other draws. Their length grows from round to round, until the labels are separable and the
 * fit of greatest likelihood does not exist.
 */
export const logisticChain: Regime<LogisticChainParameters, ClassRecipe> = {
  name: 'logistic-chain',
  title: 'Logistic regressions on labels that the one before has drawn',
  citation:
    'P. Sur, E. J. Candes. A Modern Maximum-Likelihood Theory for High-dimensional Logistic Regression. PNAS 116 (2019), arXiv:1803.06964; F. ' +
    'Salehi, E. Abbasi, B. Hassibi. The Impact of Regularization on High-dimensional Logistic Regression. NeurIPS 2019, arXiv:1906.03761; chains ' +
    'of such fits: A. Dey, D. Donoho. Universality of the pi^2/6 Pathway in Avoiding Model Collapse. arXiv:2410.22812',
  parameters,
  terms: false,
  blocks: ({ generations, data }) =>
    judged.plannedAs('logistic') * (generations + 1) + (data === 'accumulate' ? (generations + 1) ** 2 : 0),
  errorName: ({ measure }) =>
    ({
      norm: 'length |w|',
      cosine: 'cosine with the truth',
      misclassified: 'share misclassified',
      distance: '|w - w0|²',
    })[measure],
  isError: ({ measure }) => measure === 'misclassified' || measure === 'distance',
  problems: ({ dimension, downstream: { samples, ridge } }): Problem[] =>
    ridge === 0 && samples <= dimension
      ? [
          {
            path: 'downstream.samples',
            message: `found ${samples}, need more than the dimension ${dimension} where ridge is 0`,
          },
        ]
      : [],
  recipe: recipeOf,
  theory: (p) => {
    const { dimension, truth, downstream, generations, data, measure } = p;
    const fits = data === 'accumulate' ? 1 : generations + 1;
    const problem = {
      dimension,
      separation: 0,
      rounds: judged.roundsOf(recipeOf({ ...p, data: 'replace' })).slice(0, fits),
    };
    if (measure === 'distance') {
      if (data === 'replace') return replacedDistance(problem, truth.norm);
      return downstream.ridge > 0 ? null : accumulatedDistance(problem, truth.norm, generations);
    }
    return data === 'accumulate' && generations > 0 ? null : classPrediction(problem, LOGISTIC_SOURCE, measure);
  },
};

function recipeOf({ dimension, truth, downstream, generations, data, measure }: LogisticChainParameters): ClassRecipe {
  const { samples, ridge } = downstream;
  let blocks: readonly ClassBlock[] = [];
  let fit: ClassFit | null = null;
  for (let round = 0; round <= generations; round++) {
    const draw = { unit: `logistic-chain:${dimension}`, generation: round };
    const own: ClassBlock = { ...judged.PLAIN, rows: samples, draw, labels: fit ?? 'truth', response: 'sigmoid' };
    blocks = data === 'accumulate' ? [...blocks, own] : [own];
    fit = { blocks, loss: 'logistic', ridge, draw };
  }
  return { kind: 'classes', dimension, separation: 0, norm: truth.norm, estimate: { fit: fit!, measure } };
}
