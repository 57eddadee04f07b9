/**
 * Plan. Fits that run inside one workgroup (docs/samplers.md, "Fused trials") are the trials of `direct` on other kernels.
 * - Against the f64 reference, trial by trial, with the bound of direct.gpu.test.ts: orders 1, 4, 5, 13, 16, 17, 47, 48 (the largest); rows within a block, at its edges (31, 32, 33), at
 *   the edges of a run (127, 128, 129) and beyond several; the dual at 1, 2, 17, 44 rows; several sides, ridges and generations,
 *   more than four sides; trials that do not fill the last workgroup.
 * - Against the split kernels on the same draws: the sum of both bounds, and other bits (so that it is another path).
 * - The same bits in batches of 1, 7 and all.
 * - Statuses: a feature whose square is denormal breaks every trial down without ridge and none with it, on both paths.
 */
import { describe, expect, it } from 'vitest';
import { fusedLayout } from '../../src/kernels/fused.ts';
import { targetOf } from '../../src/kernels/tuning.ts';
import { openProgram } from '../../src/program/open.ts';
import { type TrialBatch, TrialStatus } from '../../src/program/trials.ts';
import { fitScheduleOf } from '../../src/samplers/fit-schedule.ts';
import { fusionOf, LARGEST_FUSED } from '../../src/samplers/linear/direct/fusion.ts';
import { directProgram } from '../../src/samplers/linear/direct/program.ts';
import { openDirectReference } from '../../src/samplers/linear/direct/reference.ts';
import { type Chain, chainRecipes, powers } from '../support/chains.ts';
import { useGpu } from '../support/gpu.ts';
import { EPS } from '../support/matrices.ts';

const context = useGpu();
const SEED = 2 ** 40 + 99;

const chainOf = (d: number, rows: number, change: Partial<Chain> = {}): Chain => ({
  d,
  rows,
  generations: [0],
  noise: 0.5,
  ridges: [0.1],
  ...change,
});

const generator = { rows: 40, noise: 0.2 };
const cases: [string, Chain][] = [
  ...[
    [1, 1],
    [1, 31],
    [4, 32],
    [5, 33],
    [16, 127],
    [17, 128],
    [16, 129],
    [13, 700],
    [47, 60],
    [48, 96],
  ].map(([d, rows]): [string, Chain] => [`d=${d}, T=${rows}`, chainOf(d!, rows!)]),
  ...[
    [2, 1],
    [7, 2],
    [33, 17],
    [128, 1],
    [48, 44],
  ].map(([d, rows]): [string, Chain] => [`dual, d=${d}, T=${rows}`, chainOf(d!, rows!, { ridges: [0.05] })]),
  ['three sides', chainOf(19, 41, { generator, generations: [0, 1, 3], ridges: [0, 0.1] })],
  ['six sides', chainOf(12, 30, { generator, generations: [0, 1, 2, 3, 4, 5], ridges: [0.01, 0.1, 1] })],
  [
    'six sides, dual',
    chainOf(29, 11, { generator: { rows: 13, noise: 0.3 }, generations: [0, 1, 2, 3, 4, 5], ridges: [0.1, 1] }),
  ],
  [
    'power law',
    chainOf(24, 61, {
      spectrum: powers(24, 2),
      truth: { kind: 'coefficients', values: powers(24, 0.25) },
      ridges: [1e-3],
    }),
  ],
];

const scheduled = (chain: Chain) => fitScheduleOf(chainRecipes(chain));
const open = (chain: Chain, capacity: number, fused = true) => {
  const schedule = scheduled(chain);
  const fusion = fused ? fusionOf(schedule, LARGEST_FUSED.gpu) : schedule.passes.map(() => null);
  return openProgram(
    directProgram(schedule, SEED, targetOf(context.gpu), undefined, fusion),
    context.launcher,
    capacity,
  );
};

/** Trials 3 .. 3 + count - 1. */
async function draw(chain: Chain, count: number, fused = true): Promise<TrialBatch> {
  const source = await open(chain, count, fused);
  const batch = await source.run(3, count);
  source.close();
  return batch;
}

function expectClose(got: TrialBatch, expected: TrialBatch, { d }: Chain, bounds = 1): void {
  expect([...got.statuses]).toEqual([...expected.statuses]);
  const spread = Math.max(...expected.errors);
  for (const [i, error] of expected.errors.entries()) {
    const bound = bounds * 4 * Math.max(d, 128) * EPS * 50 * (error + Math.min(1, spread));
    expect(Math.abs(got.errors[i]! - error), `number ${i}: ${got.errors[i]} ${error}`).toBeLessThan(bound);
  }
}

describe('a fused trial', () => {
  it.each(cases)('is its reference: %s', async (_, chain) => {
    expect(fusionOf(scheduled(chain), LARGEST_FUSED.gpu).every((layout) => layout !== null)).toBe(true);
    const expected = await openDirectReference(scheduled(chain), SEED).run(3, 11);
    const got = await draw(chain, 11);
    context.gpu.assertHealthy();
    expectClose(got, expected, chain);
    expect(Math.max(...got.statuses)).toBe(TrialStatus.ok);
  });

  it.each(['d=17, T=128', 'three sides', 'six sides, dual'])('is that of the split kernels: %s', async (name) => {
    const chain = cases.find(([title]) => title === name)![1];
    const split = await draw(chain, 30, false);
    const fused = await draw(chain, 30);
    expectClose(fused, split, chain, 2);
    expect([...fused.errors]).not.toEqual([...split.errors]);
  });

  it.each(['three sides', 'six sides, dual'])('has the same bits in batches of 1, 7 and all: %s', async (name) => {
    const chain = cases.find(([title]) => title === name)![1];
    const collect = async (capacity: number) => {
      const source = await open(chain, capacity);
      const rows: number[][] = [];
      for (let first = 0; first < 21; first += capacity) {
        const { errors, count } = await source.run(first, Math.min(capacity, 21 - first));
        for (let trial = 0; trial < count; trial++)
          rows.push(Array.from({ length: errors.length / count }, (_, cell) => errors[cell * count + trial]!));
      }
      source.close();
      return rows;
    };
    const all = await collect(21);
    expect(await collect(1)).toEqual(all);
    expect(await collect(7)).toEqual(all);
  });
});

describe('a breakdown', () => {
  // Features that underflow in the square: their pivots are zero or denormal, whatever was drawn.
  const spectrum = [1, 1, 1, 1, 1, 1e-42, 1, 1];
  it.each([true, false])('is told of every trial, fused: %s', async (fused) => {
    const chain = chainOf(8, 20, { spectrum, ridges: [0, 0.5] });
    const { statuses, errors, count } = await draw(chain, 13, fused);
    expect([...statuses.subarray(0, count)]).toEqual(new Array(count).fill(TrialStatus.nonPositivePivot));
    expect([...statuses.subarray(count)]).toEqual(new Array(count).fill(TrialStatus.ok));
    expect(errors.subarray(count).every(Number.isFinite)).toBe(true);
  });
});

describe('what is fused', () => {
  it('is all that fits in what every device allows', () => {
    const fits = (columns: number, rows: number, sides = 1) => fusedLayout({ columns, rows, sides }) !== null;
    expect([fits(48, 10 ** 6), fits(49, 98), fits(44, 99, 8), fits(48, 99, 8)]).toEqual([true, false, true, false]);
    expect([fits(48, 44), fits(128, 100), fits(129, 2)]).toEqual([true, false, false]);
    for (let columns = 1; columns <= 60; columns++)
      for (const rows of [1, Math.ceil(columns / 2), columns, 3 * columns])
        for (const sides of [1, 4, 5, 11]) {
          const layout = fusedLayout({ columns, rows, sides });
          if (!layout) continue;
          const { constants, launch } = layout;
          expect(launch.group_trials * launch.tiles).toBeLessThanOrEqual(constants.LANES);
          expect(launch.group_trials * launch.size).toBeLessThanOrEqual(constants.MEMORY);
          // Vectors, scales of 128 features, a status for every two lanes.
          expect(16 * constants.MEMORY + 4 * 128 + 2 * constants.LANES).toBeLessThanOrEqual(16384);
        }
  });

  it('is what gains on the adapter', () => {
    const fused = (d: number, rows: number, largest?: number) =>
      fusionOf(scheduled(chainOf(d, rows)), largest)[0] !== null;
    expect([fused(16, 99), fused(17, 99), fused(40, 16), fused(40, 17)]).toEqual([true, false, true, false]);
    expect([fused(48, 99, LARGEST_FUSED.gpu), fused(49, 99, LARGEST_FUSED.gpu)]).toEqual([true, false]);
  });

  it('is no pass of a reused design, and no pass before one', () => {
    const chain = chainOf(20, 40, { generator: { ...generator, reused: true }, generations: [2] });
    expect(fusionOf(scheduled(chain), LARGEST_FUSED.gpu).map((layout) => layout !== null)).toEqual([
      false,
      false,
      true,
    ]);
  });
});
