import { describe, expect, it } from 'vitest';
import { targetOf } from '../../src/kernels/tuning.ts';
import { openProgram } from '../../src/program/open.ts';
import { rescued } from '../../src/program/rescue.ts';
import { type Errors, type TrialBatch, type TrialSource, TrialStatus } from '../../src/program/trials.ts';
import type { LinearRecipe } from '../../src/regimes/recipe.ts';
import { fitScheduleOf } from '../../src/samplers/fit-schedule.ts';
import { beyondSingle } from '../../src/samplers/linear/direct/beyond.ts';
import { direct } from '../../src/samplers/linear/direct/index.ts';
import { directProgram } from '../../src/samplers/linear/direct/program.ts';
import { openDirectReference } from '../../src/samplers/linear/direct/reference.ts';
import { jacobi } from '../../src/samplers/linear/jacobi/index.ts';
import { krylov } from '../../src/samplers/linear/krylov/index.ts';
import { wishart } from '../../src/samplers/linear/wishart/index.ts';
import { refusalOf } from '../../src/samplers/sampler.ts';
import { chainRecipes, powers } from '../support/chains.ts';
import { useGpu } from '../support/gpu.ts';
import { openOn } from '../support/programs.ts';
import { copies, mixedCases, projected, rankCases, single, weighted } from '../support/ranks.ts';

/*
 * Plan: the samplers where a device is asked for, on fits of singular Gram matrices. The right values are those of the f64 reference,
 * which is held to the definition elsewhere (rank.test.ts).
 * - Every case of rank.test.ts: no trial is marked; what is not left to the device is right to 1e-12; what is has median errors below
 *   3e-5, three quarters below 1e-3 (where rows are as many as dimensions the worst are 10 %: docs/numerics.md). With ridges that
 *   f32 can see (1e-2), always left to the device: all below 1e-4. wishart, whose stacked fits are those of direct.
 * - krylov and jacobi, which draw whitened errors, give those of equal eigenvalues; wishart refuses what it would lose.
 * - What is left to the device, and what is not: full rank, sizes of shipped files; and the edges.
 * - Trials that the device marks are drawn again: some are marked without, none with; the others keep their bits, in any batch.
 * - Few dimensions, rows about as many, no ridge or a tiny one: every trial of 2000 right to 1e-3, though one in a hundred is far more
 *   singular than usual; where the single computation was right to 5e-5, its bits.
 * - Spectra of 16 and 32 decades: median and 95 % quantile of 2000 trials are those of 20 000 by numpy.linalg.pinv, no trial fails.
 */

const context = useGpu();
const SEED = 2 ** 33 + 5;

async function compare(recipes: readonly LinearRecipe[], trials: number, sampler = direct): Promise<Errors> {
  const job = { seed: SEED, recipes };
  const { errors: exact } = await sampler.openReference(job).run(0, trials);
  const source = await openOn(sampler, job, context.launcher, trials);
  const { errors, statuses } = await source.run(0, trials);
  source.close();
  context.gpu.assertHealthy();
  expect(statuses.every((status) => status === TrialStatus.ok)).toBe(true);
  return exact.map((error, i) => Math.abs(errors[i]! / error - 1)).sort();
}

/** From the smallest to the largest. */
function expectSmall(off: Errors, median: number, most: number): void {
  expect(off[off.length >> 1]!).toBeLessThan(median);
  expect(off[Math.floor(0.75 * off.length)]!).toBeLessThan(most);
}

async function draw(source: Promise<TrialSource>, trials: number, capacity = trials): Promise<TrialBatch> {
  const opened = await source;
  const batches: TrialBatch[] = [];
  for (let first = 0; first < trials; first += capacity)
    batches.push(await opened.run(first, Math.min(capacity, trials - first)));
  opened.close();
  const errors = Float64Array.from(batches.flatMap((batch) => [...batch.errors]));
  return {
    first: 0,
    count: trials,
    errors,
    statuses: Uint8Array.from(batches.flatMap((batch) => [...batch.statuses])),
  };
}

describe('device and reference', () => {
  it.each(rankCases.map((one) => [one.name, one] as const))('%s', async (_, { recipes }) => {
    for (const recipe of recipes) {
      const off = await compare([recipe], 20);
      if (beyondSingle(fitScheduleOf([recipe])) !== null) expect(off.at(-1)!).toBeLessThan(1e-12);
      else expectSmall(off, 3e-5, 1e-3);
    }
  });

  it.each(mixedCases)('with a ridge of 0.01: %s', async (_, recipe) => {
    expect(beyondSingle(fitScheduleOf([recipe])) !== null).toBe(false);
    expect((await compare([recipe], 20)).at(-1)!).toBeLessThan(1e-4);
  });

  it('several cells at once, stacked, by wishart', async () => {
    const blocks = [1e-9, 1e-3, 1].map((weight) => weighted(12, weight));
    expect(refusalOf(wishart, blocks[0]!)).toBeNull();
    expectSmall(await compare(blocks, 20, wishart), 1e-5, 1e-3);
  });
});

describe('samplers that know no covariance', () => {
  const chain = (spectrum: readonly number[]) =>
    chainRecipes({
      d: 3,
      rows: 9,
      noise: 0.5,
      ridges: [0],
      generations: [0, 2],
      generator: { rows: 12, noise: 0.4 },
      spectrum,
    });

  it.each([[krylov], [jacobi]])('$name gives the errors of equal eigenvalues over 32 decades', async (sampler) => {
    const draws = await Promise.all(
      [
        [1, 1, 1],
        [1e16, 1, 1e-16],
      ].map((spectrum) => {
        const recipes = chain(spectrum);
        expect(refusalOf(sampler, recipes[0]!)).toBeNull();
        return draw(openOn(sampler, { seed: SEED, recipes }, context.launcher, 100), 100);
      }),
    );
    draws[0]!.errors.forEach((error, i) => {
      expect(Math.abs(draws[1]!.errors[i]! / error - 1)).toBeLessThan(1e-5);
    });
  });

  it('wishart, whose triangles do, refuses them by name', () => {
    expect(refusalOf(wishart, chain([1e16, 1, 1e-16])[1]!)).toMatch(/beside a truth/);
    expect(refusalOf(wishart, chain([1e4, 1, 1e-30])[1]!)).toBeNull();
  });
});

describe('what is left to the device', () => {
  it.each<[string, boolean, LinearRecipe]>([
    ['T = d = 300', false, single(300, powers(300, 0))],
    ['T = 298 of d = 300, eigenvalues j^-2', false, single(298, powers(300, 2))],
    ['j^-4, T = 99 of d = 100', true, single(99, powers(100, 4))],
    ['as many features as rows', false, projected(600, 500, [500], [1e-8])[0]!],
    ['more features than dimensions without a ridge', false, projected(6, 12, [20], [0])[0]!],
    ['with a tiny one', true, projected(6, 12, [20], [1e-8])[0]!],
    ['100 rows of twelve copies in dimension 31', false, copies(31, 100, 12, 0)],
    ['in dimension 60', true, copies(60, 100, 12, 0)],
    ['sixteen decades, rows enough', true, single(9, [1e9, 1, 1e-9])],
    ['heavy rows that are too few', true, weighted(3, 1e-6)],
    ['heavy rows that are enough', false, weighted(12, 1e-6)],
    ['no noise, and a ridge that takes next to nothing', true, single(12, powers(6, 1), 1e-6, 0)],
  ])('%s: not %s', (_, isBeyond, recipe) => {
    expect(beyondSingle(fitScheduleOf([recipe])) !== null).toBe(isBeyond);
  });
});

describe('few dimensions and about as many rows', () => {
  it.each([
    [1, 1, 0],
    [2, 2, 0],
    [3, 3, 0],
    [5, 5, 1e-8],
    [8, 8, 0],
    [8, 9, 0],
    [8, 7, 0],
    [12, 12, 1e-8],
  ])('d = %i, T = %i, ridge %f: every trial to 1e-3', async (d, rows, ridge) => {
    const recipe = single(rows, powers(d, 0), ridge, 0.5);
    const schedule = fitScheduleOf([recipe]);
    const { errors: exact } = await openDirectReference(schedule, SEED).run(0, 2000);
    const { errors, statuses } = await draw(
      openOn(direct, { seed: SEED, recipes: [recipe] }, context.launcher, 2000),
      2000,
    );
    const once = await draw(
      openProgram(directProgram(schedule, SEED, targetOf(context.gpu)), context.launcher, 2000),
      2000,
    );
    expect(statuses.every((status) => status === TrialStatus.ok)).toBe(true);
    let changed = 0;
    exact.forEach((error, trial) => {
      const was = once.errors[trial]!;
      expect(Math.abs(errors[trial]! / error - 1), `trial ${trial}`).toBeLessThan(1e-3);
      if (errors[trial] !== was) changed++;
      if (errors[trial] !== was && errors[trial] !== error) expect(Math.abs(was / error - 1)).toBeGreaterThan(5e-5);
    });
    expect(changed).toBeLessThan(600);
  });
});

describe('trials that are marked', () => {
  it('are drawn again, and the others keep their bits', async () => {
    // A single step of correction leaves some trials unsettled on every device.
    const schedule = fitScheduleOf([single(40, powers(40, 0))]);
    const device = (capacity: number) =>
      openProgram(directProgram(schedule, SEED, targetOf(context.gpu), [[1]]), context.launcher, capacity);
    const mended = async (capacity: number) =>
      draw(Promise.resolve(rescued(await device(capacity), openDirectReference(schedule, SEED))), 300, capacity);
    const without = await draw(device(300), 300);
    const batch = await mended(300);
    const { errors: exact } = await openDirectReference(schedule, SEED).run(0, 300);
    const marked = new Set([...without.statuses.keys()].filter((trial) => without.statuses[trial] !== TrialStatus.ok));
    expect(marked.size).toBeGreaterThan(0);
    expect(marked.size).toBeLessThan(150);
    expect(batch.statuses.every((status) => status === TrialStatus.ok)).toBe(true);
    batch.errors.forEach((error, trial) => {
      expect(error).toBe((marked.has(trial) ? exact : without.errors)[trial]);
    });
    expect(await mended(37)).toEqual(batch);
  });

  it.each([
    [1e8, 108],
    [1e16, 98],
  ])('T = 2 on eigenvalues %f, 1 and one over it: the 95 %% quantile of NumPy', async (top, quantile) => {
    const recipe: LinearRecipe = { ...single(2, [top, 1, 1 / top], 0, 0.5), truth: { kind: 'sphere', norm: 1 } };
    const { errors } = await draw(openOn(direct, { seed: 1, recipes: [recipe] }, context.launcher, 2000), 2000);
    const sorted = errors.toSorted();
    // A quantile of 20 000 trials and one of 2000: binomial, four standard deviations.
    const share = errors.filter((error) => error < quantile).length / 2000;
    expect(Math.abs(share - 0.95)).toBeLessThan(4 * Math.sqrt(0.95 * 0.05 * (1 / 2000 + 1 / 20_000)));
    expect(sorted[1000]!).toBeGreaterThan(0.65);
    expect(sorted[1000]!).toBeLessThan(0.88);
  });
});
