import { describe, expect, it } from 'vitest';
import { type DeviceLimits, DeviceTooSmall } from '../../src/program/cost.ts';
import { direct } from '../../src/samplers/linear/direct/index.ts';
import { wishart } from '../../src/samplers/linear/wishart/index.ts';
import { refusalOf } from '../../src/samplers/sampler.ts';
import { type Chain, chainRecipes, powers } from '../support/chains.ts';
import { costOn } from '../support/programs.ts';
import { cellsOf, expectLawOfDirect } from '../support/sampler-promise.ts';

/*
 * Plan: the Wishart sampler keeps its promise, in double precision.
 * - two samples, Wishart and direct references, cell by cell (Kolmogorov-Smirnov, 20 000 trials each, all cells of this
 *   file together at level 1 %): power-law and equal eigenvalues; T at and above d; d = 1; ridge 0, small, large; fresh
 *   and reused generators, with T0 at and above d; generators with ridge; noise 0; all kinds of truth
 * - what is refused: fewer rows than features, in any fit; fits that share data
 * - cost: independent of the sample sizes, below direct; least squares without matrices; a device that is too small
 */

const limits: DeviceLimits = {
  maxStorageBufferBindingSize: 2 ** 27,
  maxBufferSize: 2 ** 28,
  maxComputeWorkgroupsPerDimension: 65535,
};

const chains: [string, Chain][] = [
  ['T > d', { d: 8, generations: [0], rows: 12, noise: 0.5, ridges: [0, 0.03, 1], spectrum: powers(8, 1.5) }],
  [
    'T = d',
    {
      d: 5,
      generations: [0],
      rows: 5,
      noise: 0.5,
      ridges: [0, 0.01, 1],
      spectrum: powers(5, 1),
      truth: { kind: 'coefficients', values: [1, -2, 0, 3, 1] },
    },
  ],
  [
    'fresh chain',
    {
      d: 4,
      generator: { rows: 6, noise: 0.4 },
      generations: [0, 1, 4],
      rows: 7,
      noise: 0.2,
      ridges: [0, 0.1],
      spectrum: powers(4, 2),
    },
  ],
  [
    'reused chain, T0 = d',
    {
      d: 4,
      generator: { rows: 4, noise: 0.3, reused: true },
      generations: [1, 3],
      rows: 6,
      noise: 0,
      ridges: [0.1],
      spectrum: powers(4, 1),
      truth: { kind: 'gaussian', variance: 0.5 },
    },
  ],
  [
    'generators with ridge',
    {
      d: 4,
      generator: { rows: 5, noise: 0.3, ridge: 0.2 },
      generations: [2],
      rows: 6,
      noise: 0.2,
      ridges: [0, 0.1],
      spectrum: powers(4, 1),
    },
  ],
  [
    'equal eigenvalues',
    { d: 6, generator: { rows: 9, noise: 0.3 }, generations: [2], rows: 9, noise: 0.2, ridges: [0.1] },
  ],
  ['d = 1', { d: 1, generator: { rows: 2, noise: 0.3 }, generations: [0, 2], rows: 1, noise: 0.2, ridges: [0, 0.1] }],
];

describe('wishart and direct have the same law', () => {
  it.each(chains)('%s', async (_, chain) => {
    await expectLawOfDirect(wishart, chain, 20_000, 0.01 / cellsOf(chains));
  });
});

describe('what wishart refuses', () => {
  const base: Chain = {
    d: 6,
    generator: { rows: 6, noise: 0.3 },
    generations: [2],
    rows: 6,
    noise: 0.1,
    ridges: [0.5],
  };
  const reason = (change: Partial<Chain>) => refusalOf(wishart, chainRecipes({ ...base, ...change })[0]!);

  it('accepts any spectrum with enough rows', () => {
    for (const [, chain] of chains)
      for (const recipe of chainRecipes(chain)) expect(refusalOf(wishart, recipe)).toBeNull();
  });

  it('says why not', () => {
    expect(reason({ rows: 5 })).toMatch(/at least as many samples as features/);
    expect(reason({ generator: { rows: 5, noise: 0.3 } })).toMatch(/at least as many samples as features/);
    expect(reason({ generator: { rows: 6, noise: 0.3, reused: true, ridge: 1 } })).toMatch(/design is used again/);
  });
});

describe('the cost of wishart', () => {
  const job = (rows: number, ridges: readonly number[]) => ({
    seed: 1,
    recipes: chainRecipes({
      d: 300,
      generator: { rows: 600, noise: 0.2 },
      generations: [0, 1, 3, 10],
      rows,
      noise: 0.1,
      ridges,
      spectrum: powers(300, 2),
    }),
  });

  it('does not depend on the sample size, and stays below direct', () => {
    const [few, many] = [600, 100_000].map((rows) => costOn(wishart, job(rows, [0.01, 0.1]), limits).workPerTrial);
    expect(few).toBe(many);
    // Measured with eleven generators: an eighth.
    expect(many).toBeLessThan(costOn(direct, job(600, [0.01, 0.1]), limits).workPerTrial / 7);
  });

  it('is linear in d without ridge', () => {
    const cost = costOn(wishart, job(1000, [0]), limits);
    expect(cost.workPerTrial).toBeLessThan(300 * 1200);
    expect(cost.bytes(1)).toBeLessThan(64 * 1024);
  });

  it('names what is missing on a device that is too small', () => {
    const tiny = { ...limits, maxStorageBufferBindingSize: 300 * 300 };
    expect(() => costOn(wishart, job(600, [0.1]), tiny)).toThrow(DeviceTooSmall);
  });
});
