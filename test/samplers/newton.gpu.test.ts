/**
 * Plan. Linear classifiers, rows written out, on the device against their f64 reference, trial by trial, from the same integers:
 * - logistic chains with and without a ridge, of one column and of more than a tile, of all data so far; fits of judged rows, hard, easy, agreeing, by
 *   chance, with flips, class means, sigmoids of directions, least squares, estimated covariances: the median trial to 1e-5, each to 1e-3 and a label
 *   that falls on its other side, and the same trials separable
 * - the same bits in batches of 1 and of any size
 */
import { describe, expect, it } from 'vitest';
import { TrialStatus } from '../../src/program/trials.ts';
import { type ClassMeasure, type ClassRecipe, classFitsBehind } from '../../src/regimes/class-recipe.ts';
import { newton } from '../../src/samplers/classes/newton/index.ts';
import { blockOf, fitOf, keepOnly, recipeOf } from '../support/classes.ts';
import { useGpu } from '../support/gpu.ts';
import { openOn } from '../support/programs.ts';

const context = useGpu();
const TRIALS = 24;

function recipe(
  dimension: number,
  rows: number,
  rounds: number,
  ridge: number,
  measure: ClassMeasure,
  all = false,
): ClassRecipe {
  let fit = fitOf([blockOf(rows, { response: 'sigmoid' })], { loss: 'logistic', ridge });
  for (let generation = 1; generation < rounds; generation++) {
    const own = blockOf(rows, { response: 'sigmoid', labels: fit }, generation);
    fit = fitOf(all ? [...fit.blocks, own] : [own], { loss: 'logistic', ridge });
  }
  return recipeOf(fit, { dimension, norm: 1.2, measure });
}

const chain = (dimension: number, rows: number, ridge: number, all = false) =>
  [1, 2, 4].flatMap((rounds) =>
    (['norm', 'cosine', 'misclassified', 'distance'] as const).map((measure) =>
      recipe(dimension, rows, rounds, ridge, measure, all),
    ),
  );

const g = [0.8, 0.6, 0] as const;
const o = [0.6, 0.3, Math.sqrt(1 - 0.45)] as const;
const hard = keepOnly({ judge: o, most: 0.8, agree: true });
const behind = { rows: 70, draw: { unit: 'behind', generation: 0 }, covariance: true };

/** All of one world, so that they are one job. */
const judged = [
  fitOf([blockOf(300, { labels: g, keep: hard, flips: 0.1 })], { loss: 'squares', ridge: 0.02 }),
  fitOf([blockOf(300, { labels: g, keep: hard, flips: 0.1 })], { loss: 'logistic', ridge: 0.02 }),
  fitOf(
    [blockOf(300, { labels: g, response: 'sigmoid' }), blockOf(90, { keep: keepOnly({ judge: o, least: 0.5 }) }, 1)],
    {
      loss: 'logistic',
      ridge: 0.02,
    },
  ),
].map((fit) => recipeOf(fit, { dimension: 21, norm: 2 }));

const second = fitOf(
  [
    blockOf(
      250,
      {
        labels: fitOf([blockOf(200, {})], { loss: 'squares', ridge: 0.1 }),
        keep: keepOnly({ judge: 'labeller', least: 0.01 }),
      },
      3,
    ),
  ],
  { loss: 'squares', ridge: 0.1 },
);

const means = [
  fitOf(
    [blockOf(80, {}), blockOf(240, { estimated: behind, flips: 0.3, keep: keepOnly({ right: 0.9, wrong: 0.2 }) }, 1)],
    {
      loss: 'squares',
      ridge: 0.3,
    },
  ),
  fitOf([blockOf(240, { flips: 0.3, keep: keepOnly({ right: 0.9, wrong: 0.2 }) }, 1)], {
    loss: 'logistic',
    ridge: 0.05,
  }),
].map((fit) => recipeOf(fit, { dimension: 18, separation: 0.9 }));

const CASES: Record<string, readonly ClassRecipe[]> = {
  'd = 20, n = 300': chain(20, 300, 0),
  'd = 37, n = 200, ridge 0.05': chain(37, 200, 0.05),
  'd = 2, n = 90': chain(2, 90, 0),
  'd = 5, n = 90, all data so far': chain(5, 90, 0, true),
  'd = 20, n = 66, often separable': chain(20, 66, 0),
  'judged rows': judged,
  'two rounds of squares': [recipeOf(second, { dimension: 30 })],
  'class means': means,
};

describe.each(Object.entries(CASES))('%s', (name, recipes) => {
  it('is its reference', async () => {
    const job = { seed: 5, recipes };
    const source = await openOn(newton, job, context.launcher, TRIALS);
    const got = await source.run(3, TRIALS);
    source.close();
    const expected = await newton.openReference(job).run(3, TRIALS);
    expect([...got.statuses]).toEqual([...expected.statuses]);
    const separable = expected.statuses.filter((status) => status === TrialStatus.separable).length;
    expect(separable > 0).toBe(name.includes('often'));
    expect(expected.statuses.filter((status) => status === TrialStatus.ok).length).toBeGreaterThanOrEqual(TRIALS);
    const rows = Math.min(
      ...recipes.flatMap(({ estimate }) =>
        classFitsBehind(estimate.fit).flatMap((fit) => fit.blocks.map((block) => block.rows)),
      ),
    );
    const off = [...got.errors].flatMap((error, i) =>
      got.statuses[i] === TrialStatus.ok
        ? Math.abs(error - expected.errors[i]!) / (Math.abs(expected.errors[i]!) + 0.01)
        : [],
    );
    off.sort((a, b) => a - b);
    expect(off[Math.floor(off.length / 2)]).toBeLessThan(1e-5);
    expect(off.at(-1)).toBeLessThan(1e-3 + 50 / rows);
  });

  it('has the same bits in any batch', async () => {
    const job = { seed: 5, recipes };
    const errorsBy = async (capacity: number) => {
      const source = await openOn(newton, job, context.launcher, capacity);
      const errors: number[][] = recipes.map(() => []);
      for (let first = 0; first < 6; first += capacity) {
        const batch = await source.run(first, capacity);
        recipes.forEach((_, cell) => {
          errors[cell]!.push(...batch.errors.subarray(cell * capacity, (cell + 1) * capacity));
        });
      }
      source.close();
      return errors;
    };
    expect(await errorsBy(1)).toEqual(await errorsBy(6));
  });
});
