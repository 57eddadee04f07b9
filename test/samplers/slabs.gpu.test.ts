/**
 * Plan. Kernel matrices in slabs of rows, where a binding holds fewer words than the matrix has, small on purpose:
 * - slabs cover the triangle, are of whole panels, and fit;
 * - the device agrees with the f64 reference, and with the matrix in one piece, for few sides and for many, for matrices of one, two and
 *   many slabs in one job, both of pairs and of random features added up block by block;
 * - no buffer of a matrix or factor is larger than the binding;
 * - a pivot that is not positive is found in whatever slab it is; a matrix of one slab has the bits of one that was never cut;
 * - ten thousand images are planned where a binding ends at 128 MiB.
 * Bound: as in kernel.gpu.test.ts.
 */

import { describe, expect, it } from 'vitest';
import { LEAST_BINDING, slabsOf } from '../../src/kernels/cholesky.ts';
import { PANEL } from '../../src/kernels/tiles.ts';
import { PORTABLE, type Target, targetOf } from '../../src/kernels/tuning.ts';
import { programCost } from '../../src/program/cost.ts';
import { openProgram } from '../../src/program/open.ts';
import type { Program } from '../../src/program/program.ts';
import { TrialStatus } from '../../src/program/trials.ts';
import type { KernelRecipe } from '../../src/regimes/recipe.ts';
import { kernelSampler } from '../../src/samplers/images/kernel/index.ts';
import { kernelProgram } from '../../src/samplers/images/kernel/program.ts';
import { kernelScheduleOf } from '../../src/samplers/images/kernel/schedule.ts';
import { useGpu } from '../support/gpu.ts';
import { kernelRecipes, mixtureRecipes, syntheticImages } from '../support/images.ts';
import { EPS } from '../support/matrices.ts';

const context = useGpu();
const seed = 77;
const population = { name: 'stripes', training: 300, test: 70, features: 50 };
const images = async (asked: typeof population) => syntheticImages(asked);

/** Words of a binding: 200 rows are cut into more slabs than 130, and 40 are one. */
const SMALL = 2 ** 12;

const cut = (recipes: readonly KernelRecipe[], target: Target, words?: number): Program =>
  kernelProgram(kernelScheduleOf(recipes), seed, images, target, words);

async function drawn(recipes: readonly KernelRecipe[], target: Target, words?: number) {
  const source = await openProgram(cut(recipes, target, words), context.launcher, 1);
  const batch = await source.run(5, 1);
  source.close();
  context.gpu.assertHealthy();
  return batch;
}

const cases: readonly [string, KernelRecipe[]][] = [
  [
    'pairs, few sides',
    kernelRecipes({ population, rows: [40, 130, 200], generations: [0, 2], generatorRows: 90, ridges: [0.02, 0.3] }),
  ],
  [
    'random features, many sides',
    mixtureRecipes({ population, rows: [71, 200], fractions: [0, 0.3, 1], features: 600 }),
  ],
];

describe('slabs', () => {
  it.each([
    [16, LEAST_BINDING],
    [4096, LEAST_BINDING],
    [5792, LEAST_BINDING],
    [10_000, LEAST_BINDING],
    [40_000, LEAST_BINDING],
    [208, 2 ** 12],
    [208, 16 * 208],
  ])('cover a matrix of %i rows with bindings of %i words', (stride, words) => {
    const slabs = slabsOf(stride, words);
    let next = 0;
    for (const { first, rows, stride: length } of slabs) {
      expect(first).toBe(next);
      expect(length).toBe(stride - first);
      expect(rows % PANEL).toBe(0);
      expect(rows).toBeGreaterThan(0);
      expect(rows * length).toBeLessThanOrEqual(words);
      next += rows;
    }
    expect(next).toBe(stride);
    // As few as there can be: no slab would have held another panel of rows.
    for (const { rows, stride: length } of slabs.slice(0, -1)) expect((rows + PANEL) * length).toBeGreaterThan(words);
    if (stride ** 2 <= words) expect(slabs).toHaveLength(1);
  });
});

describe.each(['as tuned', 'portable'])('kernel matrices in slabs, %s', (row) => {
  const target = () => (row === 'portable' ? PORTABLE : targetOf(context.gpu));

  it.each(cases)('agree with the reference, and with one piece: %s', async (_, recipes) => {
    const got = await drawn(recipes, target(), SMALL);
    const whole = await drawn(recipes, target());
    const reference = kernelSampler(images).openReference({ seed, recipes });
    const expected = await reference.run(5, 1);
    expect(Math.max(...got.statuses)).toBe(TrialStatus.ok);
    got.errors.forEach((error, cell) => {
      const bound = 4 * 128 * EPS * 50 * (1 + expected.errors[cell]!);
      expect(Math.abs(error - expected.errors[cell]!), `cell ${cell}`).toBeLessThan(bound);
      expect(Math.abs(error - whole.errors[cell]!), `cell ${cell}`).toBeLessThan(bound);
    });
    // It was another order of sums, or nothing was cut.
    expect([...got.errors]).not.toEqual([...whole.errors]);
  });

  it('marks a pivot in whatever slab it is', async () => {
    const kernel = { kind: 'polynomial', scale: 1, degree: 1, offset: 0 } as const;
    const one = (rows: number) =>
      kernelRecipes({ population, rows: [rows], generations: [0], kernel, ridges: [1e-30] });
    // 47 pixels vary, so that rank ends in the third slab of 80 rows and in the first of 200.
    const { ok, nonPositivePivot } = TrialStatus;
    expect(slabsOf(80, 1600).map(({ first }) => first)).toEqual([0, 16, 32, 64]);
    for (const [rows, words, status] of [
      [40, 800, ok],
      [80, 1600, nonPositivePivot],
      [200, SMALL * 4, nonPositivePivot],
    ] as const)
      expect([...(await drawn(one(rows), target(), words)).statuses]).toEqual([status]);
  });
});

it('holds every matrix within the binding, and leaves one that fits as it was', () => {
  for (const [, recipes] of cases) {
    const { buffers } = cut(recipes, PORTABLE, SMALL);
    const held = [...buffers].filter(([name]) => /^(gram|matrix|inverses|remainder)/.test(name));
    expect(held.length).toBeGreaterThan(8);
    for (const [name, { words }] of held) expect(words, name).toBeLessThanOrEqual(SMALL);
    const small = recipes.filter(({ estimate }) => estimate.data.reduce((sum, { rows }) => sum + rows, 0) < 64);
    if (small.length > 0) expect(cut(small, PORTABLE, 110 ** 2).steps).toEqual(cut(small, PORTABLE).steps);
  }
});

it('plans ten thousand images where a binding ends at 128 MiB', () => {
  const mnist = { name: 'mnist', training: 60_000, test: 10_000, features: 784 };
  const limits = {
    maxStorageBufferBindingSize: 2 ** 27,
    maxBufferSize: 2 ** 28,
    maxComputeWorkgroupsPerDimension: 65_535,
  };
  const fractions = [0, 0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 0.9];
  const recipes = mixtureRecipes({ population: mnist, rows: [10_000], fractions, features: 10_000 });
  const { bytes, largestBatch } = programCost(cut(recipes, PORTABLE), limits);
  expect(largestBatch).toBe(1);
  // Two triangles of 200 MB, slabs of which the corner below the diagonal is held as well, and what is left of one slab.
  expect(bytes(1)).toBeLessThan(1.1e9);
});
