import { describe, expect, it } from 'vitest';
import { targetOf } from '../../src/kernels/tuning.ts';
import { openProgram } from '../../src/program/open.ts';
import { type Errors, type TrialBatch, TrialStatus } from '../../src/program/trials.ts';
import { type FitSchedule, fitScheduleOf, type PassLayout } from '../../src/samplers/fit-schedule.ts';
import { chainPassOf, chainScheduleOf } from '../../src/samplers/linear/chain-schedule.ts';
import { correctionsOf } from '../../src/samplers/linear/direct/conditioning.ts';
import { directProgram } from '../../src/samplers/linear/direct/program.ts';
import { openDirectReference } from '../../src/samplers/linear/direct/reference.ts';
import { wishartCorrections } from '../../src/samplers/linear/wishart/corrections.ts';
import { wishartProgram } from '../../src/samplers/linear/wishart/program.ts';
import { openWishartReference } from '../../src/samplers/linear/wishart/reference.ts';
import { type Chain, chainRecipes, powers } from '../support/chains.ts';
import { conditionOfTrial } from '../support/condition.ts';
import { useGpu } from '../support/gpu.ts';
import { EPS } from '../support/matrices.ts';

/*
 * Plan: fits near T = d, where f32 leaves the normal equations few digits or none (docs/numerics.md, "Near T = d").
 * - Ratio of measured error to bound, trial by trial against the f64 reference, over d, T, ridge and spectrum, condition numbers
 *   from 3 to 2e7: without correction 4 eps kappa (1 + |w0| / sqrt(E)) as long as eps kappa < 0.1, with it the same with
 *   sqrt(kappa), also where it would not be due. Below 1 for every trial, and above 0.003 for the worst of a row: a bound that
 *   says nothing fails too.
 * - The correction is needed: at T = d the median error without it is above 1e-4, with it below 1e-5.
 * - Breakdowns: of 600 trials at d = T = 40 some break down without correction, none with it.
 * - Trials that are not at rest are marked: some after a single step, and those that are not marked have two digits.
 * - Corrected fits inside chains (several sides, reused designs, the dual) have a median error below 1e-5; rows in blocks keep the
 *   bound.
 * - The same bits in batches of 1, 7 and all.
 * - wishart with a small ridge: above 1e-5 without, below 2e-6 with correction.
 */

const context = useGpu();
const target = () => targetOf(context.gpu);
const SEED = 2 ** 40 + 99;
const chain = { d: 40, generations: [0, 1, 3], noise: 0.5, ridges: [1e-6, 1e-4] };

const recipesOf = (chain: Partial<Chain> & Pick<Chain, 'd' | 'rows'>) =>
  chainRecipes({ generations: [0], noise: 0.5, ridges: [0], ...chain });
const chainScheduled = (chain: Partial<Chain> & Pick<Chain, 'd' | 'rows'>) => chainScheduleOf(recipesOf(chain));
const scheduled = (chain: Partial<Chain> & Pick<Chain, 'd' | 'rows'>) => fitScheduleOf(recipesOf(chain));

async function draw(schedule: FitSchedule, trials: number, corrections = correctionsOf(schedule)): Promise<TrialBatch> {
  const split = schedule.passes.map(() => null);
  const source = await openProgram(
    directProgram(schedule, SEED, target(), corrections, split),
    context.launcher,
    trials,
  );
  const batch = await source.run(0, trials);
  source.close();
  context.gpu.assertHealthy();
  return batch;
}

const relative = (batch: TrialBatch, exact: Errors) => exact.map((e, i) => Math.abs(batch.errors[i]! / e - 1));
const median = (values: Errors) => values.toSorted()[values.length >> 1]!;
const broken = ({ statuses }: TrialBatch) =>
  statuses.reduce((count, status) => count + (status === TrialStatus.ok ? 0 : 1), 0);
const forced = (schedule: { readonly passes: readonly Pick<PassLayout, 'ridges'>[] }, steps: number) =>
  schedule.passes.map(({ ridges }) => ridges.map(() => steps));

const shapes = [
  ...[16, 48].flatMap((d) =>
    [0, 2].flatMap((exponent) =>
      [d, d + 1, d - 1, d / 2, 4 * d].map((rows): [number, number, number] => [d, rows, exponent]),
    ),
  ),
  [100, 100, 1] as [number, number, number],
];

describe('error of a test error over its bound', () => {
  it.each(shapes)('d = %i, T = %i, eigenvalues j^-%i', async (d, rows, exponent) => {
    const trials = d < 100 ? 30 : 8;
    const spectrum = powers(d, exponent);
    const values = powers(d, 0.25);
    const ridges = [0, 1e-6, 1e-3];
    const schedule = scheduled({ d, rows, ridges, spectrum, truth: { kind: 'coefficients', values } });
    const truth = spectrum.reduce((sum, s, j) => sum + s * values[j]! ** 2, 0);
    const { errors: exact } = await openDirectReference(schedule, SEED).run(0, trials);
    const kappas = exact.map((_, i) =>
      conditionOfTrial(chainPassOf(schedule.passes[0]!)!, ridges[Math.floor(i / trials)]!, spectrum, SEED, i % trials),
    );
    const worst = (batch: TrialBatch, power: number, most: number) => {
      const errors = relative(batch, exact);
      const ratios = errors.map((error, i) => {
        if (batch.statuses[i] !== TrialStatus.ok || EPS * kappas[i]! > most) return 0;
        return error / (4 * EPS * kappas[i]! ** power * (1 + Math.sqrt(truth / exact[i]!)));
      });
      return Math.max(...ratios);
    };
    const due = correctionsOf(schedule).map((steps) => steps.map((n) => Math.max(n, 3)));
    const before = worst(await draw(schedule, trials, forced(schedule, 0)), 1, 0.1);
    const after = worst(await draw(schedule, trials, due), 0.5, Number.POSITIVE_INFINITY);
    for (const ratio of [before, after]) {
      expect(ratio).toBeLessThan(1);
      expect(ratio).toBeGreaterThan(0.003);
    }
  });
});

describe('correction', () => {
  it.each([0, 2])('is needed at T = d = 100, eigenvalues j^-%i', async (exponent) => {
    const schedule = scheduled({ d: 100, rows: 100, spectrum: powers(100, exponent) });
    const { errors: exact } = await openDirectReference(schedule, SEED).run(0, 20);
    expect(median(relative(await draw(schedule, 20, forced(schedule, 0)), exact))).toBeGreaterThan(1e-4);
    expect(median(relative(await draw(schedule, 20), exact))).toBeLessThan(1e-5);
  });

  it.each([0, 2])('saves trials with a failed pivot, eigenvalues j^-%i', async (exponent) => {
    const schedule = scheduled({ d: 40, rows: 40, spectrum: powers(40, exponent) });
    const before = await draw(schedule, 600, forced(schedule, 0));
    const after = await draw(schedule, 600);
    expect(broken(before)).toBeGreaterThan(0);
    // None on software drivers; NVIDIA's marks 2 of 600, which f64 draws again.
    expect(broken(after)).toBeLessThan(Math.min(broken(before), 4));
    const { errors: exact } = await openDirectReference(schedule, SEED).run(0, 600);
    const told = relative(after, exact).filter((_, i) => after.statuses[i] === TrialStatus.ok);
    expect(Math.max(...told)).toBeLessThan(0.05);
  });

  it('marks trials that are not at rest', async () => {
    const schedule = scheduled({ d: 40, rows: 40 });
    const batch = await draw(schedule, 300, forced(schedule, 1));
    expect(broken(batch)).toBeGreaterThan(0);
    const { errors: exact } = await openDirectReference(schedule, SEED).run(0, 300);
    const others = relative(batch, exact).filter((_, i) => batch.statuses[i] === TrialStatus.ok);
    expect(others.length).toBeGreaterThan(100);
    expect(Math.max(...others)).toBeLessThan(0.01);
  });

  it.each<[string, Chain]>([
    ['fresh', { ...chain, rows: 41, generator: { rows: 41, noise: 0.2 } }],
    ['reused', { ...chain, rows: 41, generator: { rows: 40, noise: 0.2, ridge: 1e-4, reused: true } }],
    ['dual', { ...chain, rows: 39, generator: { rows: 39, noise: 0.2 } }],
    ['dual, reused', { ...chain, rows: 38, generator: { rows: 38, noise: 0.2, reused: true } }],
  ])('keeps five digits in a chain: %s', async (_, chainOf) => {
    const schedule = scheduled(chainOf);
    const trials = 40;
    const batch = await draw(schedule, trials);
    const { errors: exact } = await openDirectReference(schedule, SEED).run(0, trials);
    const errors = relative(batch, exact);
    expect(broken(batch)).toBe(0);
    for (let first = 0; first < errors.length; first += trials)
      expect(median(errors.subarray(first, first + trials))).toBeLessThan(1e-5);
  });

  it('draws rows in blocks again', async () => {
    // 8 MiB of rows are held at a time.
    const schedule = scheduled({ d: 10, rows: 140_000, ridges: [0, 1e-4] });
    const { errors: exact } = await openDirectReference(schedule, SEED).run(0, 1);
    const batch = await draw(schedule, 1, forced(schedule, 2));
    expect(broken(batch)).toBe(0);
    relative(batch, exact).forEach((error, i) => {
      expect(error).toBeLessThan(4 * EPS * 1.1 * (1 + exact[i]! ** -0.5));
    });
  });

  it('gives the same bits in batches of 1, 7 and all', async () => {
    const schedule = scheduled({ ...chain, rows: 39, generator: { rows: 41, noise: 0.2 } });
    const collect = async (capacity: number) => {
      const source = await openProgram(directProgram(schedule, SEED, target()), context.launcher, capacity);
      const trials: number[][] = [];
      for (let first = 0; first < 14; first += capacity) {
        const { errors, count } = await source.run(first, Math.min(capacity, 14 - first));
        for (let t = 0; t < count; t++) trials.push([...errors].filter((_, i) => i % count === t));
      }
      source.close();
      return trials;
    };
    const all = await collect(14);
    expect(await collect(1)).toEqual(all);
    expect(await collect(7)).toEqual(all);
  });

  it('serves wishart, d = 64, T = 64 and 66', async () => {
    for (const rows of [64, 66]) {
      const schedule = chainScheduled({
        d: 64,
        rows,
        ridges: [1e-6, 1e-4],
        generator: { rows, noise: 0.2 },
        generations: [0, 1],
      });
      const { errors: exact } = await openWishartReference(schedule, SEED).run(0, 30);
      const run = async (corrections = wishartCorrections(schedule)) => {
        const source = await openProgram(wishartProgram(schedule, SEED, target(), corrections), context.launcher, 30);
        const batch = await source.run(0, 30);
        source.close();
        expect(broken(batch)).toBe(0);
        return median(relative(batch, exact));
      };
      expect(await run(forced(schedule, 0))).toBeGreaterThan(1e-5);
      expect(await run()).toBeLessThan(2e-6);
    }
    context.gpu.assertHealthy();
  });
});
