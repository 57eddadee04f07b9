import { describe, expect, it } from 'vitest';
import { PORTABLE, type Target, targetOf } from '../../src/kernels/tuning.ts';
import { openProgram } from '../../src/program/open.ts';
import type { DispatchStep, Program } from '../../src/program/program.ts';
import { TrialStatus } from '../../src/program/trials.ts';
import { type ReplaceParameters, replace } from '../../src/regimes/replace.ts';
import { chainScheduleOf } from '../../src/samplers/linear/chain-schedule.ts';
import { krylov } from '../../src/samplers/linear/krylov/index.ts';
import { krylovProgram } from '../../src/samplers/linear/krylov/program.ts';
import { mergeReused } from '../../src/samplers/linear/merge-reused.ts';
import { type Chain, chainRecipes, powers } from '../support/chains.ts';
import { useGpu } from '../support/gpu.ts';
import { parametersOf } from '../support/parameters.ts';
import { openOn } from '../support/programs.ts';
import { cellsOf, deviceErrors, expectLawOfDirectOnDevice, expectMeanOfTheory } from '../support/sampler-promise.ts';

/*
 * Plan: the Krylov sampler on the device.
 * - trial by trial against its f64 reference, which draws the same integers, goes on to 1e-12 and writes every known row of
 *   X out: d at 1, 4 +- 1 and primes; T below, at and above d, 10^6; spectra flat to steep; one and many ridges; with and
 *   without a chain; ridge 0 beside others; dimensions so small that all directions get known. Median relative error below 1e-5, the largest below 1e-4
 * - the same up to d = 4096
 * - the same with lanes that share workgroup memory, and with subgroups of a size that is not known
 * - all of 100 trials come to an end where convergence is slow, at hardly any ridge
 * - the same bits in batches of 1, 7 and all
 * - two samples against direct on the device, T below and above d (Kolmogorov-Smirnov, together at 1 %)
 * - means against theory at d = 150
 * - a solve that is given too few directions is marked, and done again by the f64 reference; others keep their bits
 */

const context = useGpu();
const generator = { rows: 90, noise: 0.2 };
const chains: [string, Chain][] = [
  ['d = 1', { d: 1, generations: [0], rows: 1, noise: 0.5, ridges: [0.1] }],
  ['d = 3, T = 1', { d: 3, generations: [0], rows: 1, noise: 0.5, ridges: [0.1], spectrum: powers(3, 1) }],
  ['d = 4', { d: 4, generations: [0], rows: 5, noise: 0.5, ridges: [0.01], spectrum: powers(4, 2) }],
  ['d = 5', { d: 5, generations: [0], rows: 5, noise: 0.5, ridges: [0.01, 1], spectrum: powers(5, 1) }],
  ['T < d', { d: 67, generations: [0], rows: 20, noise: 0.5, ridges: [0.01, 0.1, 10], spectrum: powers(67, 1.5) }],
  [
    'equal eigenvalues',
    {
      d: 150,
      generator: { rows: 190, noise: 0.2 },
      generations: [0, 4],
      rows: 400,
      noise: 0.5,
      ridges: [0.1, 0.3],
    },
  ],
  ['T = 10^6', { d: 150, generations: [0], rows: 1e6, noise: 1, ridges: [0.001, 0.1], spectrum: powers(150, 1) }],
  [
    'fresh chain',
    {
      d: 61,
      generator,
      generations: [0, 1, 3],
      rows: 131,
      noise: 0.1,
      ridges: [0, 0.01, 0.1],
      spectrum: powers(61, 2),
      truth: { kind: 'coefficients', values: powers(61, 0.25) },
    },
  ],
  [
    'reused chain, no noise',
    {
      d: 31,
      generator: { rows: 62, noise: 0.2, reused: true },
      generations: [1, 3],
      rows: 31,
      noise: 0,
      ridges: [0.1],
      spectrum: powers(31, 2),
      truth: { kind: 'gaussian', variance: 0.02 },
    },
  ],
];

async function both(chain: Chain, trials: number, target = targetOf(context.launcher.gpu)) {
  const job = { seed: 5, recipes: chainRecipes(chain) };
  const source = await openProgram(krylov.program(job, target), context.launcher, trials);
  const got = await source.run(0, trials);
  source.close();
  expect(got.statuses.filter((status) => status !== TrialStatus.ok)).toHaveLength(0);
  const expected = await krylov.openReference(job).run(0, trials);
  return [...expected.errors].map((exact, i) => Math.abs(got.errors[i]! / exact - 1)).toSorted((a, b) => a - b);
}

describe('krylov on the device', () => {
  it.each(chains)('agrees with its reference: %s', async (_, chain) => {
    const errors = await both(chain, 21);
    expect(errors[errors.length >> 1]).toBeLessThan(1e-5);
    expect(errors.at(-1)).toBeLessThan(1e-4);
  });

  it.each([
    [
      'd = 1000, T < d',
      { d: 1000, generations: [0], rows: 300, noise: 0.5, ridges: [0.001], spectrum: powers(1000, 1.5) },
    ],
    [
      'd = 4096',
      {
        d: 4096,
        generator: { rows: 8192, noise: 0.3 },
        generations: [0, 10],
        rows: 8192,
        noise: 0.3,
        ridges: [1e-4, 0.01],
        spectrum: powers(4096, 1.5),
      },
    ],
  ] satisfies [string, Chain][])('agrees with its reference: %s', async (_, chain) => {
    const errors = await both(chain, 2);
    expect(errors[errors.length >> 1]).toBeLessThan(1e-5);
    expect(errors.at(-1)).toBeLessThan(1e-4);
  });

  it('agrees with its reference however lanes work together', async () => {
    const own = targetOf(context.launcher.gpu);
    const targets: Target[] = [PORTABLE];
    if (own.tuning === 'software') targets.push({ ...own, subgroup: undefined });
    for (const target of targets)
      for (const name of ['d = 1', 'T < d', 'fresh chain']) {
        const errors = await both(chains.find(([known]) => known === name)![1], 11, target);
        expect(errors[errors.length >> 1]).toBeLessThan(1e-5);
        expect(errors.at(-1)).toBeLessThan(1e-4);
      }
  });

  it('comes to an end in every trial, however small the ridge', async () => {
    const recipes = chainRecipes({ d: 256, generations: [0], rows: 512, noise: 0.3, ridges: [1e-4] });
    const source = await openOn(krylov, { seed: 3, recipes }, context.launcher, 100);
    const { statuses } = await source.run(0, 100);
    source.close();
    expect(statuses.filter((status) => status !== TrialStatus.ok)).toHaveLength(0);
  });

  it('gives the same bits in batches of 1, 7 and all', async () => {
    const job = { seed: 7, recipes: chainRecipes(chains.find(([name]) => name === 'fresh chain')![1]) };
    const collect = (capacity: number) => deviceErrors(krylov, job, context.launcher, 21, capacity);
    const all = await collect(21);
    expect(await collect(1)).toEqual(all);
    expect(await collect(7)).toEqual(all);
  });

  it('does again in f64 a solve that runs out of directions', async () => {
    const chain = { d: 61, generations: [0], rows: 122, noise: 0.1, ridges: [1e-4, 1], spectrum: powers(61, 0.5) };
    const job = { seed: 1, recipes: chainRecipes(chain) };
    const few = (program: Program) => {
      const step = program.steps.find((s) => s.kind === 'dispatch' && s.kernel.name.includes('krylov-solve'));
      Object.assign((step as DispatchStep).launch, { directions: 13 });
      return program;
    };
    const draw = async (program: Program) => {
      const source = await openProgram(few(program), context.launcher, 5);
      const batch = await source.run(0, 5);
      source.close();
      return batch;
    };
    const schedule = chainScheduleOf(job.recipes.map(mergeReused));
    const target = targetOf(context.launcher.gpu);
    const { errors, statuses } = await draw(krylovProgram(schedule, job.seed, target));
    expect([...statuses]).toEqual([
      ...new Array(5).fill(TrialStatus.notConverged),
      ...new Array(5).fill(TrialStatus.ok),
    ]);
    const mended = await draw(krylov.program(job, target));
    const { errors: exact } = await krylov.openReference(job).run(0, 5);
    expect(mended.statuses.every((status) => status === TrialStatus.ok)).toBe(true);
    expect(mended.errors).toEqual(Float64Array.of(...exact.subarray(0, 5), ...errors.subarray(5)));
  });
});

const twoSamples: [string, Chain][] = [
  [
    'sixteen decades',
    {
      d: 40,
      generations: [0],
      rows: 400,
      noise: 0.5,
      ridges: [1e-2, 1],
      spectrum: Array.from({ length: 40 }, (_, j) => 10 ** (8 - (16 * j) / 39)),
    },
  ],
  ['T < d', { d: 40, generations: [0], rows: 20, noise: 0.5, ridges: [0.2, 1], spectrum: powers(40, 2) }],
  [
    'fresh chain, T > d',
    {
      d: 40,
      generator: { rows: 45, noise: 0.3 },
      generations: [0, 3],
      rows: 60,
      noise: 0.1,
      ridges: [0, 0.5],
      spectrum: powers(40, 2),
    },
  ],
];

describe('krylov and direct have the same law on the device', () => {
  it.each(twoSamples)('%s', async (_, chain) => {
    await expectLawOfDirectOnDevice(krylov, chain, context.launcher, [500, 500], 0.01 / cellsOf(twoSamples));
  });
});

const figure = parametersOf(replace, {
  dimension: 150,
  covariance: { kind: 'power-law', exponent: 1.5 },
  truth: { kind: 'power-law', exponent: 1 },
  generator: { samples: 300, noise: 0.5 },
  downstream: { samples: 5000, noise: 0.5, ridge: 0.001 },
  generations: 3,
});

const problems: [string, Partial<ReplaceParameters>, number][] = [
  ['clean labels', { generations: 0 }, 400],
  ['fewer samples than features', { downstream: { samples: 100, noise: 0.5, ridge: 0.01 } }, 400],
  ['three generators', {}, 400],
  ['a million samples', { downstream: { samples: 1e6, noise: 0.5, ridge: 0.001 } }, 400],
];

describe('means of krylov and theory', () => {
  it.each(problems)('%s', async (_, changes, trials) => {
    await expectMeanOfTheory(krylov, { ...figure, ...changes }, context.launcher, trials);
  });
});
