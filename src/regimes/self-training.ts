import { z } from 'zod';
import { axis, type Resolved } from '../experiment/axis.ts';
import { integer } from '../experiment/numbers.ts';
import { classPrediction } from '../theory/classes.ts';
import type { ClassFit, ClassRecipe } from './class-recipe.ts';
import * as judged from './judged.ts';
import type { Regime } from './regime.ts';

const parameters = z.strictObject({
  dimension: judged.dimension,
  real: z.strictObject({
    samples: judged.samples.describe('rows with labels of the truth that the first classifier learns from'),
    flips: judged.chance.prefault(0).describe('chance that a label of the truth is turned round'),
  }),
  judge: z
    .strictObject({
      by: z
        .enum(['direction', 'labeller'])
        .default('direction')
        .describe('a fixed direction, or the classifier that has made the labels'),
      cosine: judged.cosine.prefault(1).describe('of a fixed direction with the truth'),
    })
    .prefault({}),
  keep: judged.keep.describe('which rows of each round the judge keeps'),
  downstream: z.strictObject({
    samples: judged.samples.describe('n, fresh rows of each round that the classifier of the round before labels'),
    loss: judged.loss,
    ridge: judged.ridge,
    response: judged.response,
  }),
  generations: axis(integer(0, 200), { innermost: true })
    .prefault([1])
    .describe('rounds of training on labels of the classifier before; 0 is the first one'),
});

export type SelfTrainingParameters = Resolved<z.output<typeof parameters>>;

/** A classifier labels fresh rows, a judge keeps some, and the next classifier learns from those: again and again. */
export const selfTraining: Regime<SelfTrainingParameters, ClassRecipe> = {
  name: 'self-training',
  title: 'Classifiers learn from what a judge keeps of the labels of the last one',
  citation:
    'E. Dohmatob, M. Pezeshki, R. Askari-Hemmat. Why Less is More (Sometimes): A Theory of Data Curation. ICLR 2026, ' +
    'arXiv:2511.03492; Y. Feng, E. Dohmatob, P. Yang, F. Charton, J. Kempe. Beyond Model Collapse: Scaling Up with Synthesized ' +
    'Data Requires Verification. ICLR 2025, arXiv:2406.07515',
  parameters,
  terms: false,
  errorName: () => 'share misclassified',
  blocks: ({ downstream, generations }) => judged.plannedAs(downstream.loss) * (generations + 1),
  problems: ({ keep, downstream }) => [...judged.keepProblems(keep, downstream.samples)],
  recipe: recipeOf,
  theory: (p) =>
    classPrediction(
      { dimension: p.dimension, separation: 0, rounds: judged.roundsOf(recipeOf(p)) },
      'arXiv:2511.03492v1, Thm 3 round by round, by the moments of kept rows',
    ),
};

function recipeOf(p: SelfTrainingParameters): ClassRecipe {
  const estimate = { fit: lastOf(p), measure: 'misclassified' } as const;
  return { kind: 'classes', dimension: p.dimension, separation: 0, norm: 1, estimate };
}

function lastOf({ dimension, real, judge, keep, downstream, generations }: SelfTrainingParameters): ClassFit {
  const { samples, ridge, loss, response } = downstream;
  const rule = judged.keepOf(keep, judge.by === 'labeller' ? 'labeller' : judged.directionAt(judge.cosine));
  const draw = (what: string, rows: number, generation: number) => ({
    unit: `self-training/${what}:${dimension}x${rows}`,
    generation,
  });
  let fit: ClassFit = {
    blocks: [
      {
        ...judged.PLAIN,
        rows: real.samples,
        draw: draw('real', real.samples, 0),
        labels: 'truth',
        flips: real.flips,
      },
    ],
    loss,
    ridge,
    draw: draw('first', real.samples, 0),
  };
  for (let round = 1; round <= generations; round++) {
    const drawn = { rows: samples, draw: draw('rows', samples, round), labels: fit };
    fit = {
      blocks: [{ ...judged.PLAIN, ...drawn, response, keep: rule }],
      loss,
      ridge,
      draw: draw('rest', samples, round),
    };
  }
  return fit;
}
