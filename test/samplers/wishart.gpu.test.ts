import { describe, expect, it } from 'vitest';
import { TrialStatus } from '../../src/program/trials.ts';
import { type ReplaceParameters, replace } from '../../src/regimes/replace.ts';
import { wishart } from '../../src/samplers/linear/wishart/index.ts';
import { type Chain, chainRecipes, powers } from '../support/chains.ts';
import { useGpu } from '../support/gpu.ts';
import { parametersOf } from '../support/parameters.ts';
import { openOn } from '../support/programs.ts';
import { cellsOf, deviceErrors, expectLawOfDirectOnDevice, expectMeanOfTheory } from '../support/sampler-promise.ts';

/*
 * Plan: the Wishart sampler on the device.
 * - trial by trial against its f64 reference, which draws the same integers: d at 1, panel edges and a prime; T = d, above
 *   d and 10^6; fresh and reused generators; several ridges and generations in one job; ridge 0 alone and beside others.
 *   Bound: |E_gpu - E_ref| <= 4 max(d, 128) eps 50 (E + 1), as for direct
 * - least squares, no matrix: relative 1e-5 at T = d, where direct loses all digits
 * - the same bits in batches of 1, 7 and all
 * - two samples against direct on the device, d = 16 (Kolmogorov-Smirnov, 2000 trials each, together at 1 %)
 * - means against theory at d = 100, power law: within 4 standard errors and the theory's own allowance
 */

const EPS = 2 ** -24;
const context = useGpu();
const chains: [string, Chain][] = [
  ['d = 1', { d: 1, generations: [0], rows: 1, noise: 0.5, ridges: [0.1] }],
  ['d = 15', { d: 15, generations: [0], rows: 40, noise: 0.5, ridges: [0.01], spectrum: powers(15, 1) }],
  ['d = 16', { d: 16, generations: [0], rows: 40, noise: 0.5, ridges: [0.01], spectrum: powers(16, 1) }],
  ['d = 17', { d: 17, generations: [0], rows: 40, noise: 0.5, ridges: [0, 0.01, 1], spectrum: powers(17, 1) }],
  ['T = d', { d: 33, generations: [0], rows: 33, noise: 0.5, ridges: [0.1] }],
  ['T = 10^6', { d: 150, generations: [0], rows: 1_000_000, noise: 1, ridges: [0.001, 0.1], spectrum: powers(150, 1) }],
  [
    'fresh chain',
    {
      d: 61,
      generator: { rows: 90, noise: 0.2 },
      generations: [0, 1, 3],
      rows: 131,
      noise: 0.1,
      ridges: [0, 0.001, 0.1],
      spectrum: powers(61, 1),
      truth: { kind: 'coefficients', values: powers(61, 0.25) },
    },
  ],
  [
    'reused chain',
    {
      d: 31,
      generator: { rows: 62, noise: 0.2, reused: true },
      generations: [1, 3],
      rows: 67,
      noise: 0,
      ridges: [0.1],
      truth: { kind: 'gaussian', variance: 0.02 },
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
];

async function both(chain: Chain, trials: number) {
  const job = { seed: 2 ** 40 + 54321, recipes: chainRecipes(chain) };
  const source = await openOn(wishart, job, context.launcher, trials);
  const got = await source.run(3, trials);
  source.close();
  const expected = await wishart.openReference(job).run(3, trials);
  expect(Math.max(...got.statuses, ...expected.statuses)).toBe(TrialStatus.ok);
  return { got: got.errors, expected: expected.errors };
}

describe('wishart on the device', () => {
  it.each(chains)('agrees with the reference: %s', async (_, chain) => {
    const { got, expected } = await both(chain, chain.d > 100 ? 3 : 11);
    expected.forEach((exact, i) => {
      const bound = 4 * Math.max(chain.d, 128) * EPS * 50 * (exact + Math.min(1, Math.max(...expected)));
      expect(Math.abs(got[i]! - exact), `cell, trial ${i}: ${got[i]}, reference ${exact}`).toBeLessThan(bound);
    });
  });

  it.each([64, 65, 1000])('has five digits without ridge: d = 64, T = %i', async (rows) => {
    const generator = { rows, noise: 0.3 };
    const { got, expected } = await both(
      { d: 64, generator, generations: [0, 1, 5], rows, noise: 0.5, ridges: [0], spectrum: powers(64, 2) },
      50,
    );
    // The coefficients are of order 1 and their errors larger where eigenvalues are small.
    expected.forEach((exact, i) => {
      expect(Math.abs(got[i]! / exact - 1)).toBeLessThan(1e-5);
    });
  });

  it('gives the same bits in batches of 1, 7 and all', async () => {
    const job = { seed: 7, recipes: chainRecipes(chains.find(([name]) => name === 'fresh chain')![1]) };
    const collect = (capacity: number) => deviceErrors(wishart, job, context.launcher, 21, capacity);
    const all = await collect(21);
    expect(await collect(1)).toEqual(all);
    expect(await collect(7)).toEqual(all);
  });
});

const twoSamples: [string, Chain][] = [
  ['T > d', { d: 16, generations: [0], rows: 24, noise: 0.5, ridges: [0, 0.01, 0.1], spectrum: powers(16, 1) }],
  [
    'fresh chain',
    {
      d: 16,
      generator: { rows: 20, noise: 0.3 },
      generations: [0, 3],
      rows: 24,
      noise: 0.1,
      ridges: [0, 0.01],
      spectrum: powers(16, 1),
    },
  ],
];

describe('wishart and direct have the same law on the device', () => {
  it.each(twoSamples)('%s', async (_, chain) => {
    await expectLawOfDirectOnDevice(wishart, chain, context.launcher, [2000, 2000], 0.01 / cellsOf(twoSamples));
  });
});

const figure = parametersOf(replace, {
  dimension: 100,
  covariance: { kind: 'power-law', exponent: 1.5 },
  truth: { kind: 'power-law', exponent: 1 },
  generator: { samples: 200, noise: 0.5 },
  downstream: { samples: 5000, noise: 0.5, ridge: 0.001 },
  generations: 3,
});

const problems: [string, Partial<ReplaceParameters>, number][] = [
  ['clean labels', { generations: 0 }, 400],
  ['three generators', {}, 400],
  ['reused', { generator: { samples: 150, noise: 0.5, design: 'reused' } }, 400],
  ['ten generators, no ridge', { generations: 10, downstream: { samples: 1000, noise: 0.1, ridge: 0 } }, 4000],
];

describe('means of wishart and theory', () => {
  it.each(problems)('%s', async (_, changes, trials) => {
    await expectMeanOfTheory(wishart, { ...figure, ...changes }, context.launcher, trials);
  });
});
