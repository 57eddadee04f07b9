import { describe, expect, it } from 'vitest';
import type { Target } from '../../src/kernels/tuning.ts';
import { fitScheduleOf } from '../../src/samplers/fit-schedule.ts';
import { directProgram } from '../../src/samplers/linear/direct/program.ts';
import { chainRecipes } from '../support/chains.ts';

/*
 * Plan: by which kernels a Gram matrix is factored and solved with, of one fit, T = 2 d, that is neither fused nor corrected.
 * - row `software` on a processor: from order 17 to 256 a lane has a matrix of its own, below and above it does not; above blocks are taken out
 * - the same row on a GPU, as asked for or measured, and the other rows on either: panels at every order
 */

const SOFTWARE: Target = { tuning: 'software', software: true };

function kernels(d: number, target: Target): readonly string[] {
  const schedule = fitScheduleOf(chainRecipes({ d, rows: 2 * d, generations: [0], noise: 0.5, ridges: [0.1] }));
  const { steps } = directProgram(schedule, 1, target, [[0]], [null]);
  const names = steps.flatMap((step) => (step.kind === 'dispatch' ? [step.kernel.name.replace(/ \(.*/, '')] : []));
  return [...new Set(names.filter((name) => name.startsWith('linalg/cholesky')))];
}

const PANELS = ['linalg/cholesky-panel', 'linalg/cholesky-solve-few'];
const BLOCKS = ['linalg/cholesky-panel', 'linalg/cholesky-update', 'linalg/cholesky-solve-few'];
const LANES = ['linalg/cholesky-lanes', 'linalg/cholesky-solve-lanes'];

describe('kernels of a factor', () => {
  it.each([
    [16, PANELS],
    [17, LANES],
    [256, LANES],
    [257, BLOCKS],
  ])('order %i on a processor', (d, expected) => {
    expect(kernels(d, SOFTWARE)).toEqual(expected);
  });

  it.each([17, 256])('order %i elsewhere', (d) => {
    expect(kernels(d, { tuning: 'software', software: false })).toEqual(PANELS);
    for (const tuning of ['portable', 'gpu'] as const)
      for (const software of [true, false]) expect(kernels(d, { tuning, software })).toEqual(PANELS);
  });
});
