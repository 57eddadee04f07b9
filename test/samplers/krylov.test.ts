import { describe, expect, it } from 'vitest';
import { type DeviceLimits, DeviceTooSmall } from '../../src/program/cost.ts';
import { spectrumEnds, stepsOf } from '../../src/samplers/linear/krylov/convergence.ts';
import { krylov } from '../../src/samplers/linear/krylov/index.ts';
import { lanesOf } from '../../src/samplers/linear/krylov/shape.ts';
import { refusalOf } from '../../src/samplers/sampler.ts';
import { type Chain, chainRecipes, powers } from '../support/chains.ts';
import { costOn } from '../support/programs.ts';
import { cellsOf, expectLawOfDirect } from '../support/sampler-promise.ts';

/*
 * Plan: the Krylov sampler keeps its promise, in double precision.
 * - two samples, Krylov and direct references, cell by cell (Kolmogorov-Smirnov, 10 000 trials each, all cells of this
 *   file together at level 1 %): power-law and equal eigenvalues; T below, at and above d; d = 1; ridge 0, small, large;
 *   fresh and reused generators; noise 0; all kinds of truth
 * - what is refused: generators with a ridge or of minimum norm; fits that share data; solves that need too many directions
 * - cost: hardly grows with the sample size, below wishart's n^3 and direct's T n^2; a device that is too small
 * - who solves: one subgroup on processors whose subgroups have a known size, up to the dimension that it holds
 * - ends of the spectrum: Marchenko-Pastur's without a penalty; eigenvalues of a drawn matrix lie within, up to fluctuations
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
      ridges: [0.01, 1],
      spectrum: powers(5, 1),
      truth: { kind: 'coefficients', values: [1, -2, 0, 3, 1] },
    },
  ],
  [
    'T < d',
    {
      d: 7,
      generator: { rows: 9, noise: 0.4 },
      generations: [0, 2],
      rows: 3,
      noise: 0.5,
      ridges: [0.01, 1],
      spectrum: powers(7, 1),
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
    'equal eigenvalues',
    { d: 6, generator: { rows: 9, noise: 0.3 }, generations: [2], rows: 9, noise: 0.2, ridges: [0.1] },
  ],
  ['d = 1', { d: 1, generator: { rows: 2, noise: 0.3 }, generations: [0, 2], rows: 1, noise: 0.2, ridges: [0, 0.1] }],
];

describe('krylov and direct have the same law', () => {
  it.each(chains)('%s', async (_, chain) => {
    await expectLawOfDirect(krylov, chain, 10_000, 0.01 / cellsOf(chains));
  });
});

describe('what krylov refuses', () => {
  const base: Chain = {
    d: 300,
    generator: { rows: 300, noise: 0.3 },
    generations: [2],
    rows: 200,
    noise: 0.1,
    ridges: [0.1],
    spectrum: powers(300, 1),
  };
  const reason = (change: Partial<Chain>) => refusalOf(krylov, chainRecipes({ ...base, ...change })[0]!);

  it('accepts samples below, at and above the dimension', () => {
    expect(reason({})).toBeNull();
    for (const rows of [100, 299, 300, 1e6]) expect(reason({ rows })).toBeNull();
    expect(reason({ ridges: [0], rows: 300 })).toBeNull();
  });

  it('says why not', () => {
    expect(reason({ generator: { rows: 299, noise: 0.3 } })).toMatch(/plain least squares/);
    expect(reason({ generator: { rows: 400, noise: 0.3, ridge: 0.1 } })).toMatch(/plain least squares/);
    expect(reason({ ridges: [0] })).toMatch(/a ridge, or as many samples/);
    expect(reason({ ridges: [1e-9], spectrum: powers(300, 0) })).toMatch(/would need up to \d+ directions/);
  });
});

describe('the cost of krylov', () => {
  const job = (rows: number, ridges: readonly number[] = [0.01, 0.1]) => ({
    seed: 1,
    recipes: chainRecipes({
      d: 4096,
      generator: { rows: 8192, noise: 0.2 },
      generations: [0, 1, 3, 10],
      rows,
      noise: 0.1,
      ridges,
      spectrum: powers(4096, 1.5),
    }),
  });

  it('does not grow with the sample size', () => {
    const [few, many] = [4096, 1e6].map((rows) => costOn(krylov, job(rows), limits).workPerTrial);
    expect(many).toBeLessThan(few!);
    expect(few).toBeLessThan(4096 ** 3 / 100);
  });

  it('names what is missing on a device that is too small', () => {
    const tiny = { ...limits, maxStorageBufferBindingSize: 300 * 300 };
    expect(() => costOn(krylov, job(8192), tiny)).toThrow(DeviceTooSmall);
  });
});

describe('ends of the spectrum', () => {
  it.each([
    [300, 600],
    [50, 5000],
    [200, 210],
  ])('are those of Marchenko and Pastur without a penalty: d = %i, T = %i', (d, rows) => {
    const [low, high] = spectrumEnds(new Array<number>(d).fill(1), rows, 1e-300);
    expect(low).toBeCloseTo((1 - Math.sqrt(d / rows)) ** 2, 6);
    expect(high).toBeCloseTo((1 + Math.sqrt(d / rows)) ** 2, 6);
  });

  it('shift with a penalty as eigenvalues do', () => {
    const [low, high] = spectrumEnds(new Array<number>(100).fill(1), 400, 0.5);
    expect(low).toBeCloseTo((0.25 + 0.5) / 1.5, 6);
    expect(high).toBeCloseTo((2.25 + 0.5) / 1.5, 6);
  });

  it('ask for more steps the smaller the ridge, never for more than the dimension', () => {
    const steps = [1, 0.1, 0.01, 1e-3, 1e-4, 1e-9].map((ridge) => stepsOf(powers(200, 1), 220, ridge));
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
    expect(steps.at(-1)).toBeLessThanOrEqual(200);
    expect(stepsOf([1, 1], 2, 1e-9)).toBe(2);
  });
});

describe('how krylov solves', () => {
  const processor = { tuning: 'software', software: true, subgroup: 8 } as const;

  it('in the lanes of one subgroup where their size is known and they hold the vectors', () => {
    expect(lanesOf(processor, 300)).toEqual({ LANES: 8, BLOCKS: 10 });
    expect(lanesOf(processor, 512)).toEqual({ LANES: 8, BLOCKS: 16 });
    expect(lanesOf({ ...processor, subgroup: 4 }, 1)).toEqual({ LANES: 4, BLOCKS: 1 });
    expect(lanesOf(processor, 513)).toBeNull();
    expect(lanesOf({ ...processor, subgroup: undefined }, 300)).toBeNull();
    expect(lanesOf({ ...processor, tuning: 'gpu' }, 300)).toBeNull();
  });
});
