/**
 * Plan. What decides which fits of `direct` are corrected.
 * - The predicted condition number: at most a factor of 3 below the median of that of drawn designs, over T, ridge and spectrum;
 *   where all eigenvalues are equal, or from T = d on where it calls for correction, also at most a factor of 3 above.
 * - Nothing is corrected at T = 2 d or with a ridge of 0.1: no memory, no dispatches, and small fits stay fused.
 * - At T = d fits are corrected, in memory and cost as counted by hand, and none of them is fused.
 */
import { describe, expect, it } from 'vitest';
import { PORTABLE } from '../../src/kernels/tuning.ts';
import { fitScheduleOf } from '../../src/samplers/fit-schedule.ts';
import { chainPassOf } from '../../src/samplers/linear/chain-schedule.ts';
import { conditionOf, correctionsOf } from '../../src/samplers/linear/direct/conditioning.ts';
import { fusionOf } from '../../src/samplers/linear/direct/fusion.ts';
import { directProgram } from '../../src/samplers/linear/direct/program.ts';
import { chainRecipes, powers } from '../support/chains.ts';
import { conditionOfTrial } from '../support/condition.ts';

const scheduled = (d: number, rows: number, ridges: readonly number[], spectrum?: readonly number[]) =>
  fitScheduleOf(chainRecipes({ d, rows, ridges, spectrum, noise: 0.5, generations: [0] }));

const cases = [0, 1, 2].flatMap((exponent) =>
  [10, 19, 20, 21, 24, 60].flatMap((rows) =>
    [0, 1e-5, 1e-2].map((ridge): [number, number, number] => [exponent, rows, ridge]),
  ),
);

it.each(cases)('a condition number, eigenvalues j^-%i, d = 20, T = %i, ridge %f', (exponent, rows, ridge) => {
  const spectrum = powers(20, exponent);
  const [pass] = scheduled(20, rows, [ridge], spectrum).passes.map(chainPassOf);
  const kappas = Float64Array.from({ length: 51 }, (_, trial) => conditionOfTrial(pass!, ridge, spectrum, 1, trial));
  const median = kappas.toSorted()[25]!;
  const predicted = conditionOf(rows, ridge, spectrum);
  expect(predicted).toBeGreaterThan(median / 3);
  if (exponent === 0 || (rows >= 20 && predicted > 1700)) expect(predicted).toBeLessThan(3 * median);
});

describe('correction', () => {
  it.each([
    [12, 24, 0],
    [12, 12, 0.1],
    [100, 200, 0],
    [100, 100, 0.1],
    [100, 50, 0],
  ])('is off at d = %i, T = %i, ridge %f', (d, rows, ridge) => {
    const schedule = scheduled(d, rows, [ridge]);
    expect(correctionsOf(schedule)).toEqual([[0]]);
    const { buffers } = directProgram(schedule, 1, PORTABLE);
    for (const name of ['distances', 'residuals', 'directions', 'energies', 'lengths'])
      expect(buffers.has(name), name).toBe(false);
    expect(fusionOf(schedule)[0] === null).toBe(d > 12);
  });

  it('is on at T = d, ridge by ridge, and not fused', () => {
    const schedule = scheduled(12, 12, [0, 0.1]);
    const [steps] = correctionsOf(schedule);
    expect(steps![0]).toBeGreaterThan(0);
    expect(steps![1]).toBe(0);
    expect(fusionOf(schedule)).toEqual([null]);
  });

  it('costs what it does: d = T = 60 (stride 64), one side, no ridge', () => {
    const schedule = scheduled(60, 60, [0]);
    const compiled = (steps: number) => directProgram(schedule, 1, PORTABLE, [[steps]], [null]);
    const dispatches = (steps: number) => compiled(steps).steps.filter(({ kind }) => kind === 'dispatch').length;
    // Deviation; product, noise, adjoint; solve; direction; product, length; step length; step. And once the status.
    expect(dispatches(2) - dispatches(0)).toBe(2 * 10 + 1);
    const words = (name: string) => compiled(2).buffers.get(name)!.words;
    const names = ['distances', 'residuals', 'directions', 'energies', 'lengths', 'estimates'];
    expect(names.map(words)).toEqual([64, 64, 64, 1, 1, 64]);
  });
});
