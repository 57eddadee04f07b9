import { describe, expect, it } from 'vitest';
import { type DeviceLimits, DeviceTooSmall } from '../../src/program/cost.ts';
import { chiPairAt } from '../../src/reference/chi.ts';
import { normalsAt, Purpose } from '../../src/reference/normal.ts';
import type { LinearRecipe } from '../../src/regimes/recipe.ts';
import { streamKey } from '../../src/samplers/address.ts';
import { CHI, NORMAL } from '../../src/samplers/linear/bidiagonal/address.ts';
import { bidiagonal } from '../../src/samplers/linear/bidiagonal/index.ts';
import { columnsOf, dampedLeastSquares } from '../../src/samplers/linear/bidiagonal/solve.ts';
import { asChain } from '../../src/samplers/linear/chain.ts';
import { direct } from '../../src/samplers/linear/direct/index.ts';
import { mergeReused } from '../../src/samplers/linear/merge-reused.ts';
import { refusalOf } from '../../src/samplers/sampler.ts';
import { type Chain, chainRecipes, powers } from '../support/chains.ts';
import { costOn } from '../support/programs.ts';
import { cellsOf, expectLawOfDirect } from '../support/sampler-promise.ts';

/*
 * Plan: the bidiagonal sampler keeps its promise, in double precision.
 * - two samples, bidiagonal and direct references, cell by cell (Kolmogorov-Smirnov, 20 000 trials each, all cells of this
 *   file together at level 1 %): T below, at and above d; d = 1 and 2; ridge 0, small, large; fresh and reused generators,
 *   below and above d; generators with ridge; noise 0; all kinds of truth; an eigenvalue that is not 1
 * - the law is the same, not only close: T = d without ridge, where the mean is infinite
 * - merging reused designs: structure, and what is refused
 * - the solver of the reference against the normal equations of a small dense problem
 * - d = 1 at ridges from 1e-12 to 1e30 beside noises of 1e-6 to 1e6: the formula of ridge regression in one dimension, written out
 *   from the definition with nothing shared but the random numbers, to 1e-9 of the parts it is the sum of
 * - cost: work falls far below direct; memory; a device that is too small
 */

const limits: DeviceLimits = {
  maxStorageBufferBindingSize: 2 ** 27,
  maxBufferSize: 2 ** 28,
  maxComputeWorkgroupsPerDimension: 65535,
};

const chains: [string, Chain][] = [
  ['T > d', { d: 12, generations: [0], rows: 18, noise: 0.5, ridges: [0, 0.1, 2] }],
  ['T = d', { d: 6, generations: [0], rows: 6, noise: 0.5, ridges: [0, 0.01, 1] }],
  ['T = d - 1', { d: 6, generations: [0], rows: 5, noise: 0.5, ridges: [0, 0.01, 1] }],
  ['T < d, noise 0', { d: 16, generations: [0], rows: 8, noise: 0, ridges: [0, 0.1] }],
  [
    'fresh chain, T0 > d',
    { d: 5, generator: { rows: 8, noise: 0.4 }, generations: [0, 1, 4], rows: 9, noise: 0.2, ridges: [0, 0.3] },
  ],
  [
    'fresh chain, T0 < d, eigenvalue 3',
    {
      d: 6,
      generator: { rows: 4, noise: 0.4 },
      generations: [1, 3],
      rows: 5,
      noise: 0.2,
      ridges: [0, 0.3],
      spectrum: new Array<number>(6).fill(3),
      truth: { kind: 'coefficients', values: [1, 0, -1, 2, 0, 0.5] },
    },
  ],
  [
    'reused chain, T0 > d',
    { d: 5, generator: { rows: 7, noise: 0.3, reused: true }, generations: [1, 3], rows: 8, noise: 0.2, ridges: [0.1] },
  ],
  [
    'reused chain, T0 < d',
    {
      d: 6,
      generator: { rows: 3, noise: 0.3, reused: true },
      generations: [1, 2, 5],
      rows: 8,
      noise: 0.2,
      ridges: [0.1],
      truth: { kind: 'gaussian', variance: 0.3 },
    },
  ],
  [
    'generators with ridge',
    {
      d: 5,
      generator: { rows: 4, noise: 0.3, ridge: 0.2 },
      generations: [1, 3],
      rows: 6,
      noise: 0.2,
      ridges: [0, 0.1],
    },
  ],
  ['d = 2', { d: 2, generator: { rows: 1, noise: 0.3 }, generations: [0, 2], rows: 1, noise: 0.2, ridges: [0, 0.1] }],
  ['d = 1', { d: 1, generator: { rows: 2, noise: 0.3 }, generations: [0, 2], rows: 1, noise: 0.2, ridges: [0, 0.1] }],
];

describe('bidiagonal and direct have the same law', () => {
  it.each(chains)('%s', async (_, chain) => {
    await expectLawOfDirect(bidiagonal, chain, 20_000, 0.01 / cellsOf(chains));
  });
});

const chain = (more: Partial<Chain>): LinearRecipe =>
  chainRecipes({ d: 4, generations: [3], rows: 8, noise: 0.1, ridges: [0.5], ...more })[0]!;

describe('merging reused designs', () => {
  it('makes one generator of all that share a design, with the variance of the sum of their noise', () => {
    const merged = mergeReused(chain({ generator: { rows: 6, noise: 0.3, reused: true } }));
    const generator = merged.estimate.data[0].labels;
    if (generator === 'truth') throw new Error('the generator is gone');
    expect(generator.data[0].labels).toBe('truth');
    expect(generator.data[0].noise).toBeCloseTo(0.3 * Math.sqrt(3), 14);
  });

  it('leaves fresh designs and single fits alone', () => {
    for (const recipe of [chain({ generator: { rows: 6, noise: 0.3 } }), chain({ generations: [0] })])
      expect(mergeReused(recipe)).toEqual(recipe);
  });
});

describe('what bidiagonal refuses', () => {
  it('accepts isotropic chains', () => {
    for (const [, c] of chains) for (const recipe of chainRecipes(c)) expect(refusalOf(bidiagonal, recipe)).toBeNull();
  });

  it('says why not', () => {
    const generations = [2];
    expect(refusalOf(bidiagonal, chain({ generations: [0], spectrum: powers(4, 1) }))).toMatch(/eigenvalues/);
    const reusedRidge = { rows: 6, noise: 0.3, reused: true, ridge: 0.1 };
    expect(refusalOf(bidiagonal, chain({ generations, generator: reusedRidge }))).toMatch(/design is used again/);
    const recipe = chain({ generations, generator: { rows: 6, noise: 0.3 } });
    const [data] = asChain(recipe).estimate.data;
    const shared = { ...data, errors: data.labels === 'truth' ? data.errors : data.labels.data[0].errors };
    expect(refusalOf(bidiagonal, { ...recipe, estimate: { data: [shared], ridge: 0.1 } })).toMatch(
      /share their label errors/,
    );
  });
});

describe('the damped bidiagonal solver', () => {
  it.each([
    ['square', 4, 4],
    ['one column more', 3, 9],
    ['one entry', 5, 1],
  ])('satisfies the normal equations: %s', (_, rows, dimension) => {
    const columns = columnsOf(rows, dimension);
    const order = Math.min(rows, dimension);
    const numbers = (start: number, n: number) =>
      Float64Array.from({ length: n }, (_, i) => Math.sin(start + 2 * i) + 1.5);
    const b = { columns, diagonal: numbers(1, order), above: numbers(2, order), noise: numbers(3, order) };
    const [top, bottom] = [numbers(4, order), numbers(5, columns)];
    const penalty = 0.3;
    const u = dampedLeastSquares(b, penalty, top, bottom);
    const entry = (i: number, j: number) => (j === i ? b.diagonal[i]! : j === i + 1 ? b.above[i]! : 0);
    const residual = Array.from(top, (y, i) => u.reduce((sum, x, j) => sum + entry(i, j) * x, -y));
    for (let j = 0; j < columns; j++) {
      const gradient = residual.reduce((sum, r, i) => sum + entry(i, j) * r, 0);
      expect(gradient + penalty * u[j]! - Math.sqrt(penalty) * bottom[j]!).toBeCloseTo(0, 12);
    }
  });
});

describe('one dimension', () => {
  const [rows, generatorRows, noise, seed] = [5, 7, 0.3, 11];

  it.each([1e-6, 1, 1e6])(
    "is w = (x'x w1 + s x'g) / (x'x + T ridge), generator of noise %d",
    async (generatorNoise) => {
      const ridges = [1e-12, 1e-3, 1, 1e5, 1e12, 1e30];
      const generator = { rows: generatorRows, noise: generatorNoise };
      const recipes = chainRecipes({ d: 1, generator, generations: [1], rows, noise, ridges });
      const { errors } = await bidiagonal.openReference({ seed, recipes }).run(0, 20);
      for (let trial = 0; trial < 20; trial++) {
        const first = streamKey(seed, { unit: 'generator:1x7', generation: 0 });
        const [n] = normalsAt(first, trial, NORMAL.scalars, 0, Purpose.reduced);
        const label = 1 + (generatorNoise * n) / chiPairAt(first, trial, CHI.ratio, [0, generatorRows])[1];
        const second = streamKey(seed, { unit: 'downstream:1x5', generation: 0 });
        const [x] = chiPairAt(second, trial, 0, [rows, 0]);
        const [z] = normalsAt(second, trial, NORMAL.rows, 0, Purpose.reduced);
        // The sign of the noise is that of the label model, along which the sampler counts.
        const noisy = Math.sign(label) * noise * z;
        for (const [cell, ridge] of ridges.entries()) {
          const penalty = rows * ridge;
          const [all, root] = [x * x + penalty, Math.sqrt(errors[20 * cell + trial]!)];
          const added = (x * x * (label - 1) + x * noisy - penalty) / all;
          const kept = (x * x * label + x * noisy) / all - 1;
          const exact = ridge < 1 ? added : kept;
          const parts = Math.min(Math.abs(label - 1), 1 + Math.abs(kept + 1)) + Math.abs(exact);
          expect(Math.abs(root - Math.abs(exact)) / parts, `ridge ${ridge}, trial ${trial}`).toBeLessThan(1e-9);
        }
      }
    },
  );
});

describe('the cost of bidiagonal', () => {
  const figure = chainRecipes({
    d: 300,
    generator: { rows: 600, noise: 0.2 },
    generations: [0, 1, 3, 10],
    rows: 1000,
    noise: 0.1,
    ridges: [0.001, 0.01, 0.1, 1, 10],
  });

  it('is a thousandth of the cost of direct', () => {
    const job = { seed: 1, recipes: figure };
    const [cheap, dear] = [costOn(bidiagonal, job, limits), costOn(direct, job, limits)];
    expect(cheap.workPerTrial).toBeLessThan(dear.workPerTrial / 1000);
    expect(cheap.bytes(cheap.largestBatch)).toBeLessThanOrEqual(2 ** 30);
    expect(cheap.largestBatch).toBeGreaterThan(1000);
  });

  it('names what is missing on a device that is too small', () => {
    const tiny = { ...limits, maxStorageBufferBindingSize: 1000 };
    expect(() => costOn(bidiagonal, { seed: 1, recipes: figure }, tiny)).toThrow(DeviceTooSmall);
  });
});
