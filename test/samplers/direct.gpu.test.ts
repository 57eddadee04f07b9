import { describe, expect, it } from 'vitest';
import { TrialStatus } from '../../src/program/trials.ts';
import { direct } from '../../src/samplers/linear/direct/index.ts';
import { type Chain, chainRecipes, powers } from '../support/chains.ts';
import { useGpu } from '../support/gpu.ts';
import { EPS } from '../support/matrices.ts';
import { openOn } from '../support/programs.ts';

/*
 * Plan: the direct sampler on the device agrees trial by trial with its f64 reference, which draws the same integers.
 * - shapes: d and rows at 1, 2, panel edges (15, 16, 17), tile edges, primes; rows below, at and above d; rows beyond one
 *   block, so that designs are streamed
 * - generators: none, one, several; fresh and reused; rows below d (minimum norm); noise 0
 * - ridge 0 and positive, several ridges and generations in one job
 * - spectra: isotropic and power law; all kinds of truth
 * - results do not depend on the batch: 1, 7 and all trials at once, bit for bit
 * Bound: |E_gpu - E_ref| <= c n eps kappa (||w0||^2 + E), n the longest sum, kappa a bound on the condition number of the
 * scaled Gram matrices in play; c = 4.
 */

const context = useGpu();

const cases: [string, Chain][] = [
  ['d=1', { d: 1, generations: [0], rows: 5, noise: 0.5, ridges: [0, 0.1] }],
  ['d=2, one row', { d: 2, generations: [0], rows: 1, noise: 0.5, ridges: [0, 0.1] }],
  ['d=15', { d: 15, generations: [0], rows: 40, noise: 0.5, ridges: [0.01] }],
  ['d=16', { d: 16, generations: [0], rows: 40, noise: 0.5, ridges: [0.01] }],
  ['d=17', { d: 17, generations: [0], rows: 40, noise: 0.5, ridges: [0, 0.01, 1] }],
  ['T=d-1 with ridge', { d: 17, generations: [0], rows: 16, noise: 0.5, ridges: [0.1] }],
  ['T=d with ridge', { d: 33, generations: [0], rows: 33, noise: 0.5, ridges: [0.1] }],
  ['dual', { d: 61, generations: [0], rows: 23, noise: 0.2, ridges: [0, 0.01] }],
  [
    'fresh chain',
    { d: 31, generator: { rows: 62, noise: 0.2 }, generations: [0, 1, 3], rows: 67, noise: 0.1, ridges: [1e-3, 0.1] },
  ],
  [
    'reused chain',
    {
      d: 31,
      generator: { rows: 62, noise: 0.2, reused: true },
      generations: [0, 1, 3],
      rows: 67,
      noise: 0.1,
      ridges: [0, 0.1],
    },
  ],
  [
    'minimum-norm chain',
    { d: 40, generator: { rows: 17, noise: 0.2 }, generations: [1, 2, 4], rows: 67, noise: 0.1, ridges: [0.01] },
  ],
  [
    'reused minimum-norm chain',
    {
      d: 40,
      generator: { rows: 17, noise: 0.2, reused: true },
      generations: [1, 2, 4],
      rows: 67,
      noise: 0.1,
      ridges: [0.01],
    },
  ],
  ['noiseless', { d: 24, generator: { rows: 48, noise: 0 }, generations: [0, 2], rows: 53, noise: 0, ridges: [0.05] }],
  [
    'power law',
    {
      d: 48,
      generator: { rows: 96, noise: 1 },
      generations: [0, 1],
      rows: 211,
      noise: 1,
      ridges: [1e-4, 1e-2],
      spectrum: powers(48, 2),
      truth: { kind: 'coefficients', values: powers(48, 0.25) },
    },
  ],
  [
    'power law, dual',
    {
      d: 64,
      generations: [0],
      rows: 24,
      noise: 0.3,
      ridges: [1e-3],
      spectrum: powers(64, 1),
      truth: { kind: 'gaussian', variance: 0.5 },
    },
  ],
  ['streamed rows', { d: 150, generations: [0], rows: 16_000, noise: 1, ridges: [0, 0.1] }],
];

describe('direct on the device', () => {
  it.each(cases)('agrees with the reference: %s', async (_, c) => {
    const trials = c.rows > 1000 ? 2 : 11;
    const job = { seed: 2 ** 40 + 12345, recipes: chainRecipes(c) };
    const source = await openOn(direct, job, context.launcher, trials);
    const got = await source.run(3, trials);
    const expected = await direct.openReference(job).run(3, trials);
    source.close();
    expect([...got.statuses]).toEqual([...expected.statuses]);
    expect(Math.max(...got.statuses)).toBe(TrialStatus.ok);
    const spread = Math.max(...expected.errors);
    for (let i = 0; i < got.errors.length; i++) {
      const bound = 4 * Math.max(c.d, 128) * EPS * 50 * (expected.errors[i]! + Math.min(1, spread));
      expect(
        Math.abs(got.errors[i]! - expected.errors[i]!),
        `cell,trial ${i}: ${got.errors[i]} ${expected.errors[i]}`,
      ).toBeLessThan(bound);
    }
  });

  it('gives the same bits in batches of 1, 7 and all', async () => {
    const c = cases.find(([name]) => name === 'fresh chain')![1];
    const job = { seed: 7, recipes: chainRecipes(c) };
    const collect = async (capacity: number) => {
      const source = await openOn(direct, job, context.launcher, capacity);
      const cells: number[][] = job.recipes.map(() => []);
      for (let first = 0; first < 21; first += capacity) {
        const count = Math.min(capacity, 21 - first);
        const batch = await source.run(first, count);
        cells.forEach((cell, i) => {
          cell.push(...batch.errors.subarray(i * count, (i + 1) * count));
        });
      }
      source.close();
      return cells;
    };
    const all = await collect(21);
    expect(await collect(1)).toEqual(all);
    expect(await collect(7)).toEqual(all);
  });
});
