/**
 * Plan. Kernel ridge regression on the device against the f64 reference, on synthetic images (no files, no network):
 * - both kernels, all preprocessings and codings, fresh and reused generators, several ridges; rows below, at and above the
 *   blocks of 16, 64 and 128, features and tests that are no multiple of anything;
 * - random features, fewer and more than rows and than are held at a time, labels of ten numbers, parts labelled by another fit;
 * - more images than one block of the kernel matrix holds;
 * - the same bits in batches of 1 and of all; a cell by itself gives what it gives among others;
 * - a matrix that is not positive marks its cells and those labelled by it, and no others.
 * Bound: c n eps kappa (1 + E), n the longest sum, kappa = 50 for these ridges, as for the other samplers.
 */

import { describe, expect, it } from 'vitest';
import { TrialStatus } from '../../src/program/trials.ts';
import type { KernelRecipe } from '../../src/regimes/recipe.ts';
import { kernelSampler } from '../../src/samplers/images/kernel/index.ts';
import { useGpu } from '../support/gpu.ts';
import { kernelRecipes, mixtureRecipes, POLYNOMIAL, syntheticImages } from '../support/images.ts';
import { EPS } from '../support/matrices.ts';
import { openOn } from '../support/programs.ts';

const context = useGpu();
const population = { name: 'stripes', training: 200, test: 70, features: 50 };
const sampler = kernelSampler(async (asked) => syntheticImages(asked));

async function drawn(recipes: readonly KernelRecipe[], first: number, count: number, capacity = count) {
  const source = await openOn(sampler, { seed: 2 ** 33 + 7, recipes }, context.launcher, capacity);
  const batch = await source.run(first, count);
  source.close();
  context.gpu.assertHealthy();
  return batch;
}

const reference = (recipes: readonly KernelRecipe[], first: number, count: number) =>
  sampler.openReference({ seed: 2 ** 33 + 7, recipes }).run(first, count);

const chain = { population, rows: [5, 64, 80], generations: [0, 1, 3] };
const mixture = { population, fractions: [0, 0.3, 1] };
const cases: readonly [string, KernelRecipe[]][] = [
  ['rbf, fresh generators, two ridges', kernelRecipes({ ...chain, ridges: [0.02, 0.3] })],
  [
    'rbf on pixels less their means, reused generators',
    kernelRecipes({ ...chain, rows: [17, 130], reused: true, world: { preprocessing: 'pixel' } }),
  ],
  [
    'polynomial, bits, unit',
    kernelRecipes({ ...chain, kernel: POLYNOMIAL, world: { coding: 'bits', preprocessing: 'unit' } }),
  ],
  [
    'rbf on bytes',
    kernelRecipes({ ...chain, rows: [30], kernel: { kind: 'rbf', scale: 1e-6 }, world: { preprocessing: 'bytes' } }),
  ],
  ['rbf, ten numbers, three generators', kernelRecipes({ ...chain, rows: [30], world: { coding: 'one-hot' } })],
  ['random features, parts labelled by others', mixtureRecipes({ ...mixture, rows: [17, 80], features: 45 })],
  [
    'several numbers of random features',
    [20, 3, 45].flatMap((features) => mixtureRecipes({ ...mixture, rows: [40], features })),
  ],
  [
    'more random features than are held, odd and even digits',
    mixtureRecipes({ ...mixture, rows: [50], features: 1030, world: { coding: 'signs', preprocessing: 'pixel' } }),
  ],
  ['one row', kernelRecipes({ population, rows: [1, 2], generations: [0, 1], generatorRows: 1 })],
  [
    'more images than a block',
    kernelRecipes({
      population: { name: 'many', training: 1100, test: 4400, features: 3 },
      rows: [1000],
      generations: [1],
      generatorRows: 33,
      ridges: [0.3],
    }),
  ],
];

describe('kernel ridge regression on the device', () => {
  it.each(cases)('agrees with the reference: %s', async (_, recipes) => {
    const trials = recipes[0]!.tests > 1000 ? 1 : 2;
    const got = await drawn(recipes, 3, trials);
    const expected = await reference(recipes, 3, trials);
    expect([...got.statuses]).toEqual([...expected.statuses]);
    expect(Math.max(...got.statuses)).toBe(TrialStatus.ok);
    got.errors.forEach((error, i) => {
      const bound = 4 * 128 * EPS * 50 * (1 + expected.errors[i]!);
      expect(Math.abs(error - expected.errors[i]!), `cell, trial ${i}: ${error} ${expected.errors[i]}`).toBeLessThan(
        bound,
      );
    });
  });

  it.each([
    ['rbf', cases[0]![1]],
    ['random features', mixtureRecipes({ ...mixture, rows: [5, 64, 80], features: 200, ridges: [0.02, 0.3] })],
  ])('does not see batches, nor what else is in the job: %s', async (_, recipes) => {
    const all = await drawn(recipes, 0, 3);
    const second = await drawn(recipes, 1, 1);
    recipes.forEach((_, cell) => {
      expect(second.errors[cell]).toBe(all.errors[3 * cell + 1]);
    });
    const few = [0, 8, 15].map((cell) => recipes[cell]!);
    const alone = await drawn(few, 1, 1);
    expect([...alone.errors]).toEqual([0, 8, 15].map((cell) => second.errors[cell]));
  });

  it('marks a matrix that is not positive, and whom it labels', async () => {
    const flat = { kind: 'polynomial', scale: 1, degree: 1, offset: 0 } as const;
    const recipes = kernelRecipes({
      population,
      rows: [60, 120],
      generations: [0, 1],
      kernel: flat,
      ridges: [1e-30, 1],
    });
    const { statuses } = await drawn(recipes, 0, 1);
    // By rows, ridge and generation: 60 images of 47 pixels that vary, and no ridge to speak of.
    const { nonPositivePivot: bad, ok } = TrialStatus;
    expect([...statuses]).toEqual([bad, bad, ok, ok, bad, bad, ok, ok]);
  });
});
