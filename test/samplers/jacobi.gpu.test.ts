import { describe, expect, it } from 'vitest';
import { TrialStatus } from '../../src/program/trials.ts';
import { direct } from '../../src/samplers/linear/direct/index.ts';
import { jacobi } from '../../src/samplers/linear/jacobi/index.ts';
import { refusalOf } from '../../src/samplers/sampler.ts';
import { meanOf, momentsOf, standardError } from '../../src/statistics/moments.ts';
import { powers } from '../support/chains.ts';
import { useGpu } from '../support/gpu.ts';
import { type Mixture, mixtureRecipes, passedOn } from '../support/mixtures.ts';
import { openOn } from '../support/programs.ts';
import { deviceErrors, expectSameLaw } from '../support/sampler-promise.ts';

/*
 * Plan: the Jacobi sampler on the device.
 * - trial by trial against its f64 reference, which draws the same integers but solves explicitly: both blocks above d, one or
 *   both below, T = d, d = 1 and 2; weights from 1e-8 to 1e8; noise 0; shifts and generators; either order of the blocks.
 *   Bound, all trials: |E_gpu - E_ref| <= 5e-6 sqrt(E) (sqrt(E) + distance of what labels)
 * - errors of 1e-13 beside models at distance 4: relative error at most 1e-5 in all trials
 * - precision at d = 4096: median relative error at most 1e-5
 * - the same bits in batches of 1, 7 and all
 * - a test error beyond f32 is a status, not a number
 * - two samples against direct on the device (Kolmogorov-Smirnov, 10 000 trials against 2500, together at 1 %)
 * - means of unweighted mixtures at d = 100, iterated up to ten times, within 4 standard errors of the exact finite-size law
 */

const context = useGpu();
const wide = [1e-8, 1e-3, 0.1, 0.5, 1, 3, 1e3, 1e8].map((weight) => [1, weight] as const);
const shift = (d: number) => ({ deviations: Array.from({ length: d }, (_, j) => 0.3 + 1 / (j + 1)) });
const noises = [0.5, 0.3] as const;

const mixtures: [string, Mixture][] = [
  ['both above d', { d: 50, rows: [80, 130], noises, weights: wide, generations: [1], shift: shift(50) }],
  ['no noise', { d: 50, rows: [60, 60], noises: [0, 0], weights: wide, generations: [1, 3], shift: shift(50) }],
  [
    'synthetic rows first',
    { d: 50, rows: [60, 60], noises: [0, 0], weights: wide, generations: [1], shift: shift(50), syntheticFirst: true },
  ],
  ['real rows few', { d: 50, rows: [20, 70], noises, weights: wide, generations: [1], shift: shift(50) }],
  ['synthetic rows few', { d: 50, rows: [70, 20], noises, weights: wide, generations: [1], shift: shift(50) }],
  ['both few', { d: 50, rows: [40, 30], noises, weights: [[1, 2]], generations: [1, 2], shift: shift(50) }],
  ['T = d', { d: 50, rows: [30, 20], noises, weights: [[1, 2]], generations: [1], shift: shift(50) }],
  ['T = d + 1', { d: 50, rows: [49, 2], noises, weights: [[1, 2]], generations: [1], shift: shift(50) }],
  ['one row short of d each', { d: 50, rows: [49, 49], noises, weights: wide, generations: [1], shift: shift(50) }],
  ['many rows', { d: 300, rows: [1_000_000, 500], noises, weights: wide, generations: [1], shift: shift(300) }],
  [
    'iterated, from a generator',
    {
      d: 40,
      rows: [60, 90],
      noises,
      weights: wide.slice(1, -1),
      generations: [1, 2, 5, 10],
      generator: { rows: 70, noise: 0.4 },
      spectrum: powers(40, 1.5),
      truth: { kind: 'gaussian', variance: 0.1 },
    },
  ],
  ['one truth', { d: 20, rows: [30, 30], noises, weights: wide, generations: [1] }],
  ['d = 2', { d: 2, rows: [1, 1], noises, weights: [[1, 3]], generations: [1, 2], shift: shift(2) }],
  ['d = 1', { d: 1, rows: [2, 1], noises, weights: wide, generations: [1, 2], shift: shift(1) }],
];

/** Of what labels the rows from the truth: at most a few times this. */
const distance = ({ shift: by }: Mixture) => (by ? Math.hypot(...by.deviations) : 1);

async function both(mixture: Mixture, trials: number) {
  const job = { seed: 2 ** 40 + 12345, recipes: mixtureRecipes(mixture) };
  for (const recipe of job.recipes) expect(refusalOf(jacobi, recipe)).toBeNull();
  const source = await openOn(jacobi, job, context.launcher, trials);
  const got = await source.run(3, trials);
  source.close();
  const exact = await jacobi.openReference(job).run(3, trials);
  expect(Math.max(...got.statuses, ...exact.statuses)).toBe(TrialStatus.ok);
  return { got: got.errors, exact: exact.errors };
}

describe('jacobi on the device', () => {
  it.each(mixtures)('agrees with the reference: %s', async (_, mixture) => {
    const { got, exact } = await both(mixture, 100);
    exact.forEach((error, i) => {
      const bound = 5e-6 * Math.sqrt(error) * (Math.sqrt(error) + distance(mixture));
      const difference = Math.abs(got[i]! - error);
      expect(difference, `cell, trial ${i}: ${got[i]}, reference ${error}`).toBeLessThanOrEqual(bound);
    });
  });

  it('keeps its digits in errors far below what labels', async () => {
    const weights = [1e-8, 1e-4, 0.1].map((weight) => [1, weight] as const);
    const { got, exact } = await both(
      { d: 50, rows: [60, 40], noises: [0, 0], weights, generations: [1], shift: shift(50) },
      100,
    );
    expect(Math.max(...exact.subarray(0, 100))).toBeLessThan(1e-11);
    exact.forEach((error, i) => {
      expect(Math.abs(got[i]! / error - 1), `cell, trial ${i}`).toBeLessThan(1e-5);
    });
  });

  it.each([
    [3000, 5000],
    [6000, 6000],
    [4096, 1],
  ])('has five digits at d = 4096 with %i and %i rows', async (real, synthetic) => {
    const trials = 17;
    const weights = [1e-6, 0.01, 1, 100].map((weight) => [1, weight] as const);
    const { got, exact } = await both(
      { d: 4096, rows: [real, synthetic], noises, weights, generations: [1], shift: shift(4096) },
      trials,
    );
    weights.forEach((_, cell) => {
      const relative = exact
        .subarray(cell * trials, (cell + 1) * trials)
        .map((error, t) => Math.abs(got[cell * trials + t]! / error - 1));
      expect(relative.toSorted()[trials >> 1], `cell ${cell}`).toBeLessThan(1e-5);
    });
  });

  it('gives the same bits in batches of 1, 7 and all', async () => {
    for (const name of ['both above d', 'iterated, from a generator']) {
      const job = { seed: 7, recipes: mixtureRecipes(mixtures.find(([title]) => title === name)![1]) };
      const collect = (capacity: number) => deviceErrors(jacobi, job, context.launcher, 130, capacity);
      const all = await collect(130);
      expect(await collect(7)).toEqual(all);
      expect((await collect(1)).map((cell) => cell.slice(0, 20))).toEqual(all.map((cell) => cell.slice(0, 20)));
    }
  });

  it('marks errors that f32 cannot hold', async () => {
    const far = { deviations: new Array<number>(9).fill(1), scale: 1e25 };
    const recipes = mixtureRecipes({ d: 9, rows: [9, 9], noises, weights: [[1, 1]], generations: [1], shift: far });
    const source = await openOn(jacobi, { seed: 1, recipes }, context.launcher, 8);
    const { statuses } = await source.run(0, 8);
    source.close();
    expect([...statuses]).toEqual(new Array(8).fill(TrialStatus.overflow));
  });
});

const twoSamples: [string, Mixture][] = [
  [
    'both above d',
    {
      d: 16,
      rows: [24, 20],
      noises,
      weights: [
        [1, 0.2],
        [1, 4],
      ],
      generations: [1, 3],
      shift: shift(16),
      spectrum: powers(16, 1),
    },
  ],
  ['both below d', { d: 24, rows: [20, 16], noises, weights: [[1, 3]], generations: [1], shift: shift(24) }],
];

const cells = twoSamples.reduce((sum, [, { weights, generations }]) => sum + weights.length * generations.length, 0);

describe('jacobi and direct have the same law on the device', () => {
  it.each(twoSamples)('%s', async (_, mixture) => {
    const recipes = mixtureRecipes(mixture);
    expectSameLaw(
      await deviceErrors(jacobi, { seed: 0, recipes }, context.launcher, 10_000, 5000),
      await deviceErrors(direct, { seed: 1, recipes }, context.launcher, 2500),
      0.01 / cells,
    );
  });
});

describe('means of jacobi', () => {
  it('are those of the exact law, iterated', async () => {
    const mixture: Mixture = {
      d: 100,
      rows: [160, 140],
      noises,
      weights: [[1, 1]],
      generations: [1, 2, 10],
      shift: { deviations: new Array<number>(100).fill(0.1) },
    };
    const trials = 2000;
    const errors = await deviceErrors(jacobi, { seed: 3, recipes: mixtureRecipes(mixture) }, context.launcher, trials);
    const variance = (100 * (160 * 0.5 ** 2 + 140 * 0.3 ** 2)) / 300 / (300 - 100 - 1);
    const kept = passedOn(mixture);
    [1, 2, 10].forEach((generation, cell) => {
      const moments = momentsOf(errors[cell]!);
      const exact = kept ** generation + (variance * (1 - kept ** generation)) / (1 - kept);
      expect(Math.abs(meanOf(moments) - exact), `generation ${generation}`).toBeLessThan(4 * standardError(moments));
    });
  });
});
