import { z } from 'zod';
import { axis, type Resolved } from '../experiment/axis.ts';
import { integer } from '../experiment/numbers.ts';
import { accumulateTestError } from '../theory/accumulate.ts';
import * as linear from './linear-parameters.ts';
import type { LinearRecipe } from './recipe.ts';
import type { Regime } from './regime.ts';
import { lastOfRounds, roundProblems, rounds } from './rounds.ts';

const parameters = z.strictObject({
  ...rounds,
  past: z
    .enum(['kept', 'replaced'])
    .default('kept')
    .describe('whether a fit sees the labels of all rounds so far, or those of the last alone'),
  generations: axis(integer(1, 10_000), { innermost: true })
    .prefault([1])
    .describe('n, number of fits; the first is to labels of the truth'),
});

export type AccumulateParameters = Resolved<z.output<typeof parameters>>;

/** Every model labels T rows, on which, beside all labels before them, the next model is fitted; or on them alone. */
export const accumulate: Regime<AccumulateParameters, LinearRecipe> = {
  name: 'accumulate',
  title: 'Labels of all generations accumulate, or each replaces the one before',
  citation:
    'M. Gerstgrasser, R. Schaeffer et al. Is Model Collapse Inevitable? Breaking the Curse of Recursion by Accumulating ' +
    'Real and Synthetic Data. COLM 2024, arXiv:2404.01413v2',
  parameters,
  // The noise of every round is in the last fit and in the models behind it.
  terms: false,
  problems: roundProblems,
  blocks: ({ past, generations: n }) => (past === 'kept' ? (n * (n + 1)) / 2 : n),
  recipe: (p) => lastOfRounds('accumulate', p, (blocks) => ({ data: p.past === 'kept' ? blocks : blocks.slice(-1) })),
  theory: (p) => {
    const { dimension, covariance, downstream, design, past, generations } = p;
    const { noise, ridge } = downstream;
    return accumulateTestError({
      spectrum: linear.spectrumOf(covariance, dimension),
      signal: linear.signalOf(linear.truthOf(p), dimension),
      rows: linear.rowsOf(downstream.samples, dimension),
      noise,
      ridge,
      design,
      past,
      fits: generations,
    });
  },
};
