import { z } from 'zod';
import { axis, type Resolved } from '../experiment/axis.ts';
import { integer, moderate } from '../experiment/numbers.ts';
import { selfDistillationTestError } from '../theory/self-distillation.ts';
import * as linear from './linear-parameters.ts';
import type { Block, Fit, LinearRecipe } from './recipe.ts';
import type { Regime } from './regime.ts';
import { roundProblems, rounds } from './rounds.ts';

const parameters = z.strictObject({
  ...rounds,
  imitation: axis(moderate()).describe(
    'xi of the labels (1 - xi) y + xi (what the fit before says), any real number; the y have the noise of downstream',
  ),
  design: z
    .enum(['reused', 'fresh'])
    .default('reused')
    .describe('whether all fits see the same rows and the same y, or fresh ones each'),
  generations: axis(integer(0, 1000), { innermost: true })
    .prefault([1])
    .describe('steps of distillation; 0 is the fit to y alone'),
});

export type SelfDistillationParameters = Resolved<z.output<typeof parameters>>;

/** A ridge fit learns from a mixture of its labels and of what it says of them itself, again and again. */
export const selfDistillation: Regime<SelfDistillationParameters, LinearRecipe> = {
  name: 'self-distillation',
  title: 'A fit learns from its labels and from what it says of them',
  citation:
    'D. Pareek, S. S. Du, S. Oh. Understanding the Gains from Repeated Self-Distillation. NeurIPS 2024, arXiv:2407.04600; ' +
    'H. Dang, P. Patil, A. Rinaldo. Optimal Unconstrained Self-Distillation in Ridge Regression. arXiv:2602.17565',
  parameters,
  // Fits to the same y have its noise in common.
  terms: false,
  problems: roundProblems,
  recipe: (p) => {
    const { dimension, downstream, imitation, design, generations } = p;
    const rows = linear.rowsOf(downstream.samples, dimension);
    const { noise, ridge } = downstream;
    const unit = `self-distillation/rows:${dimension}x${rows}`;
    const labelled = (step: number) => {
      const draw = { unit, generation: design === 'reused' ? 0 : step };
      return { rows, inputs: draw, errors: draw };
    };
    let estimate: Fit = { data: [{ ...labelled(0), labels: 'truth', noise }], ridge };
    for (let step = 1; step <= generations; step++) {
      const data: readonly Block[] = [
        { ...labelled(step), labels: 'truth', noise, weight: 1 - imitation },
        { ...labelled(step), labels: estimate, noise: 0, weight: imitation },
      ];
      estimate = { data: data.filter(({ weight }) => weight !== 0), ridge };
    }
    return linear.recipeOf(p, estimate);
  },
  theory: (p) => {
    const { dimension, covariance, downstream, imitation, design, generations } = p;
    return selfDistillationTestError({
      spectrum: linear.spectrumOf(covariance, dimension),
      signal: linear.signalOf(linear.truthOf(p), dimension),
      rows: linear.rowsOf(downstream.samples, dimension),
      noise: downstream.noise,
      ridge: downstream.ridge,
      imitation,
      design,
      steps: generations,
    });
  },
};
