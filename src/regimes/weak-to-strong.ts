import { z } from 'zod';
import type { Resolved } from '../experiment/axis.ts';
import { weakToStrongTestError } from '../theory/weak-to-strong.ts';
import * as linear from './linear-parameters.ts';
import type { LinearRecipe, Model } from './recipe.ts';
import type { Regime } from './regime.ts';
import { learner, learnerProblems, noisyFit, taught } from './teachers.ts';

const parameters = z.strictObject({
  dimension: linear.dimension,
  covariance: linear.covariance,
  truth: linear.truth,
  teacher: learner
    .optional()
    .describe('the fit to labels of the truth that labels the rows of the next; without it the truth does'),
  assistant: learner.optional().describe('a fit between teacher and student, taught by the one and teaching the other'),
  downstream: learner.describe('the student, whose test error is measured, on rows labelled by the fit before it'),
});

export type WeakToStrongParameters = Resolved<z.output<typeof parameters>>;

/**
 * A teacher is fitted to labels of the truth, a student to fresh rows that the teacher labels, each with a number of rows, a ridge, random
 * features and a covariance of its own. The teacher's own error is that of a student without a teacher.
 */
export const weakToStrong: Regime<WeakToStrongParameters, LinearRecipe> = {
  name: 'weak-to-strong',
  title: 'A student learns from the labels of a teacher',
  citation:
    'B. Moniri, H. Hassani. On the Mechanisms of Weak-to-Strong Generalization: A Theoretical Perspective. NeurIPS 2025, ' +
    'arXiv:2505.18346; with random features D. Wu et al., arXiv:2603.05691',
  parameters,
  problems: (p) => learnerProblems(p, { teacher: p.teacher, assistant: p.assistant, downstream: p.downstream }),
  recipe: (p) => {
    const { dimension } = p;
    let model: Model = 'truth';
    for (const role of ['teacher', 'assistant'] as const) {
      const fit = p[role];
      if (fit) model = taught('weak-to-strong', role, dimension, noisyFit(dimension, fit), model);
    }
    const student = noisyFit(dimension, p.downstream);
    return linear.recipeOf(p, taught('weak-to-strong', 'downstream', dimension, student, model));
  },
  theory: (p) => {
    const { dimension, covariance } = p;
    const labellers = [p.teacher, p.assistant].filter((fit) => fit !== undefined);
    return weakToStrongTestError({
      spectrum: linear.spectrumOf(covariance, dimension),
      signal: linear.signalOf(linear.truthOf(p), dimension),
      generators: labellers.map((fit) => noisyFit(dimension, fit)),
      downstream: noisyFit(dimension, p.downstream),
    });
  },
};
