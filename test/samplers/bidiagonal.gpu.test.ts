import { describe, expect, it } from 'vitest';
import { TrialStatus } from '../../src/program/trials.ts';
import { type ReplaceParameters, replace } from '../../src/regimes/replace.ts';
import { bidiagonal } from '../../src/samplers/linear/bidiagonal/index.ts';
import { type Chain, chainRecipes } from '../support/chains.ts';
import { useGpu } from '../support/gpu.ts';
import { parametersOf } from '../support/parameters.ts';
import { openOn } from '../support/programs.ts';
import { cellsOf, deviceErrors, expectLawOfDirectOnDevice, expectMeanOfTheory } from '../support/sampler-promise.ts';

/*
 * Plan: the bidiagonal sampler on the device.
 * - trial by trial against its f64 reference, which draws the same integers but solves explicitly: T at 1, d - 1, d, d + 1,
 *   10^6; d = 1, 2; noise 0; ridges 0, 1e-8 .. 10, alone and four at a time; all chains and truths. Bound, all trials:
 *   |E_gpu - E_ref| <= 3e-5 sqrt(E) (sqrt(E) + ||w0||)
 * - the same at ridges of 1e-12 and 1e5 .. 1e30 beside generators' noises of 1e-6 .. 1e6, where the fit takes nearly all of an error away
 * - the same for generators with ridges of 1e5 and 1e9, of whose models next to nothing is left
 * - precision at d = 4096: median relative error at most 1e-5 for T = d and below, ridge 0 and down to 1e-6
 * - the same bits in batches of 1, 7 and all
 * - a test error beyond f32 is a status, not a number
 * - two samples against direct on the device, d = 16 and 24 (Kolmogorov-Smirnov, 20 000 trials against 4000 of the slow
 *   direct sampler, together at 1 %; bidiagonal.test.ts has as many of both)
 * - means against theory at d = 300: within 4 standard errors and the theory's own allowance
 */

const context = useGpu();
const ridges = [1e-8, 1e-4, 0.01, 0.1, 10];

const chains: [string, Chain][] = [
  ['T > d, one ridge', { d: 50, generations: [0], rows: 80, noise: 0.5, ridges: [0.01] }],
  ['T > d, ridges and none', { d: 50, generations: [0], rows: 80, noise: 0.5, ridges: [0.1, 0, ...ridges] }],
  ['noise 0', { d: 50, generations: [0], rows: 80, noise: 0, ridges }],
  ['T = d', { d: 50, generations: [0], rows: 50, noise: 0.5, ridges: [0, ...ridges] }],
  ['T = d - 1', { d: 50, generations: [0], rows: 49, noise: 0.5, ridges: [0, ...ridges] }],
  ['T = d + 1', { d: 50, generations: [0], rows: 51, noise: 0.5, ridges: [0, ...ridges] }],
  ['T < d', { d: 50, generations: [0], rows: 30, noise: 0.5, ridges: [0, ...ridges] }],
  ['T = 1', { d: 7, generations: [0], rows: 1, noise: 0.5, ridges: [0, ...ridges] }],
  ['T = 10^6', { d: 300, generations: [0], rows: 1_000_000, noise: 0.5, ridges: [0, 0.01] }],
  ['no ridge', { d: 50, generations: [0], rows: 70, noise: 0.5, ridges: [0] }],
  [
    'fresh chain',
    {
      d: 50,
      generator: { rows: 70, noise: 0.3 },
      generations: [0, 1, 3, 10],
      rows: 80,
      noise: 0.2,
      ridges: [0, 0.1, 1],
    },
  ],
  [
    'fresh minimum-norm chain',
    {
      d: 50,
      generator: { rows: 30, noise: 0.3 },
      generations: [1, 2, 5],
      rows: 40,
      noise: 0,
      ridges: [0, 0.1],
      spectrum: new Array<number>(50).fill(0.2),
    },
  ],
  [
    'reused chain',
    {
      d: 50,
      generator: { rows: 30, noise: 0.3, reused: true },
      generations: [1, 2, 4],
      rows: 60,
      noise: 0.2,
      ridges: [0.01],
      truth: { kind: 'gaussian', variance: 0.1 },
    },
  ],
  [
    'generators with ridge',
    {
      d: 20,
      generator: { rows: 30, noise: 0.3, ridge: 0.2 },
      generations: [1, 3],
      rows: 60,
      noise: 0.2,
      ridges: [0, 0.1],
    },
  ],
  ...[10, 40].flatMap((rows) =>
    [1e5, 1e9].map((ridge): [string, Chain] => [
      `generators of which a ridge of ${ridge} leaves little, T = ${rows}`,
      { d: 20, generator: { rows: 30, noise: 1e-6, ridge }, generations: [1, 2], rows, noise: 3, ridges: [0, 0.1, 10] },
    ]),
  ),
  [
    'd = 2',
    {
      d: 2,
      generator: { rows: 3, noise: 0.3 },
      generations: [0, 1, 3],
      rows: 2,
      noise: 0.2,
      ridges: [0, 0.1],
      truth: { kind: 'coefficients', values: [3, 4] },
    },
  ],
  ['d = 1', { d: 1, generator: { rows: 2, noise: 0.3 }, generations: [0, 3], rows: 1, noise: 0.2, ridges: [0, 0.1] }],
  ...[12, 40].flatMap((rows) =>
    [1e-6, 1e6].map((noise): [string, Chain] => [
      `extreme ridges, T = ${rows}, generators of noise ${noise}`,
      {
        d: 24,
        generator: { rows: 40, noise },
        generations: [0, 2],
        rows,
        noise: 0.3,
        ridges: [1e-12, 1e5, 1e12, 1e30],
      },
    ]),
  ),
  [
    'truth 0',
    {
      d: 9,
      generator: { rows: 5, noise: 0.3 },
      generations: [0, 1, 3],
      rows: 12,
      noise: 0.2,
      ridges: [0, 0.1],
      truth: { kind: 'sphere', norm: 0 },
    },
  ],
];

describe('bidiagonal on the device', () => {
  it.each(chains)('agrees with the reference: %s', async (_, chain) => {
    const trials = 100;
    const job = { seed: 2 ** 40 + 12345, recipes: chainRecipes(chain) };
    const source = await openOn(bidiagonal, job, context.launcher, trials);
    const got = await source.run(3, trials);
    source.close();
    const expected = await bidiagonal.openReference(job).run(3, trials);
    expect(Math.max(...got.statuses, ...expected.statuses)).toBe(TrialStatus.ok);
    const norm = chain.truth?.kind === 'coefficients' ? 5 : 1;
    expected.errors.forEach((exact, i) => {
      const bound = 3e-5 * Math.sqrt(exact) * (Math.sqrt(exact) + norm);
      const difference = Math.abs(got.errors[i]! - exact);
      expect(difference, `cell, trial ${i}: ${got.errors[i]}, reference ${exact}`).toBeLessThanOrEqual(bound);
    });
  });

  it.each([3000, 4095, 4096, 4097])('has five digits at d = 4096, T = %i', async (rows) => {
    const trials = 17;
    const job = {
      seed: 5,
      recipes: chainRecipes({ d: 4096, generations: [0], rows, noise: 0.5, ridges: [0, 1e-6, 1e-3, 0.1] }),
    };
    const source = await openOn(bidiagonal, job, context.launcher, trials);
    const got = await source.run(0, trials);
    source.close();
    const expected = await bidiagonal.openReference(job).run(0, trials);
    for (let cell = 0; cell < job.recipes.length; cell++) {
      const relative = expected.errors
        .subarray(cell * trials, (cell + 1) * trials)
        .map((exact, t) => Math.abs(got.errors[cell * trials + t]! / exact - 1));
      expect(relative.toSorted()[trials >> 1], `cell ${cell}`).toBeLessThan(1e-5);
    }
  });

  it('gives the same bits in batches of 1, 7 and all', async () => {
    for (const name of ['fresh chain', 'T > d, ridges and none']) {
      const job = { seed: 7, recipes: chainRecipes(chains.find(([title]) => title === name)![1]) };
      const collect = (capacity: number) => deviceErrors(bidiagonal, job, context.launcher, 130, capacity);
      const all = await collect(130);
      expect(await collect(7)).toEqual(all);
      expect((await collect(1)).map((cell) => cell.slice(0, 20))).toEqual(all.map((cell) => cell.slice(0, 20)));
    }
  });

  it('marks errors that f32 cannot hold', async () => {
    const truth = { kind: 'sphere', norm: 1e25 } as const;
    const job = {
      seed: 1,
      recipes: chainRecipes({ d: 9, generations: [0], rows: 5, noise: 0, ridges: [0, 1], truth }),
    };
    const source = await openOn(bidiagonal, job, context.launcher, 8);
    const { statuses } = await source.run(0, 8);
    source.close();
    expect([...statuses]).toEqual(new Array(16).fill(TrialStatus.nonFinite));
  });
});

const twoSamples: [string, Chain][] = [
  ['T > d', { d: 16, generations: [0], rows: 24, noise: 0.5, ridges: [0, 0.01, 0.1, 1] }],
  ['T = d', { d: 16, generations: [0], rows: 16, noise: 0.5, ridges: [0.01, 0.1, 1] }],
  ['T < d', { d: 24, generations: [0], rows: 12, noise: 0.5, ridges: [0, 0.01, 0.1, 1] }],
  [
    'fresh chain',
    { d: 16, generator: { rows: 24, noise: 0.3 }, generations: [0, 1, 3], rows: 32, noise: 0.1, ridges: [0, 0.1] },
  ],
  [
    'fresh minimum-norm chain',
    { d: 24, generator: { rows: 16, noise: 0.2 }, generations: [1, 2, 4], rows: 20, noise: 0, ridges: [0, 0.1] },
  ],
  [
    'reused minimum-norm chain',
    {
      d: 24,
      generator: { rows: 16, noise: 0.2, reused: true },
      generations: [1, 2, 4],
      rows: 32,
      noise: 0.1,
      ridges: [0, 0.1],
    },
  ],
];

describe('bidiagonal and direct have the same law on the device', () => {
  it.each(twoSamples)('%s', async (_, chain) => {
    await expectLawOfDirectOnDevice(bidiagonal, chain, context.launcher, [20_000, 4000], 0.01 / cellsOf(twoSamples));
  });
});

const figure = parametersOf(replace, {
  dimension: 300,
  generator: { samples: 600, noise: 0.2 },
  downstream: { samples: 1000, noise: 0.1, ridge: 0.01 },
  generations: 3,
});

const problems: [string, Partial<ReplaceParameters>][] = [
  ['clean labels', { generations: 0 }],
  ['three generators', {}],
  ['ten generators, large ridge', { generations: 10, downstream: { samples: 1000, noise: 0.1, ridge: 1 } }],
  ['ten generators, no ridge', { generations: 10, downstream: { samples: 1000, noise: 0.1, ridge: 0 } }],
  ['T = d', { downstream: { samples: 300, noise: 0.1, ridge: 0.1 } }],
  ['T < d', { downstream: { samples: 200, noise: 0.1, ridge: 0.01 } }],
  ['reused, T0 < d', { generator: { samples: 150, noise: 0.2, design: 'reused' } }],
  ['fresh, T0 < d', { generator: { samples: 150, noise: 0.2, design: 'fresh' } }],
  [
    'minimum norm throughout',
    { generator: { samples: 150, noise: 0, design: 'fresh' }, downstream: { samples: 200, noise: 0.1, ridge: 0 } },
  ],
];

describe('means of bidiagonal and theory', () => {
  it.each(problems)('%s', async (_, changes) => {
    await expectMeanOfTheory(bidiagonal, { ...figure, ...changes }, context.launcher, 2000);
  });
});
