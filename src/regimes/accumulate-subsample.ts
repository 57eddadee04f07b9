import { z } from 'zod';
import { axis, type Resolved } from '../experiment/axis.ts';
import { integer } from '../experiment/numbers.ts';
import { subsampleTestError } from '../theory/accumulate-subsample.ts';
import * as linear from './linear-parameters.ts';
import type { LinearRecipe } from './recipe.ts';
import type { Regime } from './regime.ts';
import { lastOfRounds, roundProblems, rounds } from './rounds.ts';

const parameters = z.strictObject({
  ...rounds,
  generations: axis(integer(1, 1000), { innermost: true })
    .prefault([1])
    .describe('n, number of fits; the first is to labels of the truth'),
});

export type SubsampleParameters = Resolved<z.output<typeof parameters>>;

/** As `accumulate`, but each fit sees a random choice of T of all rows so far: data grow, and what a fit costs does not. */
export const accumulateSubsample: Regime<SubsampleParameters, LinearRecipe> = {
  name: 'accumulate-subsample',
  title: 'Labels of all generations accumulate, and each fit sees a random part of them',
  citation:
    'J. Kazdan, R. Schaeffer et al. Collapse or Thrive? Perils and Promises of Synthetic Data in a Self-Generating ' +
    'World. arXiv:2410.16713',
  parameters,
  // The noise of every round is in the last fit and in the models behind it.
  terms: false,
  problems: roundProblems,
  blocks: ({ generations: n }) => (n * (n + 1)) / 2,
  recipe: (p) => {
    const rows = linear.rowsOf(p.downstream.samples, p.dimension);
    return lastOfRounds('accumulate-subsample', p, (data, generation) => {
      const draw = { unit: `accumulate-subsample/choice:${rows}`, generation };
      return generation === 0 ? { data } : { data, subsample: { rows, draw } };
    });
  },
  theory: ({ dimension, downstream, design, generations }) => {
    const { samples, noise, ridge } = downstream;
    const rows = linear.rowsOf(samples, dimension);
    return subsampleTestError({ dimension, rows, noise, ridge, design, fits: generations });
  },
};
