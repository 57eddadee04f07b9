/**
 * Plan. The span sampler on the device against its f64 reference, trial by trial, from the same integers.
 * - every regime of classifiers, every setting of the contract, and dimensions at the ends of its band: more and fewer kept rows than columns,
 *   two chunks of rows and a part of a third
 * - the median trial to 1e-5 of its error, each to 1e-3: a score within rounding of a bound falls on its other side now and then
 * - the same bits in batches of 1, 7 and any size
 * - a trial of which too few rows are kept is marked, and no other
 */
import { describe, expect, it } from 'vitest';
import { TrialStatus } from '../../src/program/trials.ts';
import type { ClassRecipe } from '../../src/regimes/class-recipe.ts';
import { regimes } from '../../src/regimes/index.ts';
import { span } from '../../src/samplers/classes/span/index.ts';
import { refusalOf } from '../../src/samplers/sampler.ts';
import { contractExperiments } from '../regimes/contract-cases.ts';
import { blockOf, fitOf, keepOnly, recipeOf } from '../support/classes.ts';
import { useGpu } from '../support/gpu.ts';
import { openOn } from '../support/programs.ts';

const context = useGpu();
const TRIALS = 40;
const SEED = 2 ** 40 + 5;

const settings = contractExperiments({}).flatMap(({ name, panels: [panel] }) => {
  const regime = regimes.get(panel!.regime)!;
  const recipes = panel!.cells.map(({ parameters }) => regime.recipe(parameters));
  return recipes.every((one) => one.kind === 'classes' && refusalOf(span, one) === null)
    ? [[name, recipes as ClassRecipe[]] as const]
    : [];
});

const one = (dimension: number, rows: number, most = Number.POSITIVE_INFINITY): ClassRecipe =>
  recipeOf(
    fitOf([blockOf(rows, { labels: [0.9, Math.sqrt(0.19), 0], keep: keepOnly({ most }) })], {
      loss: 'squares',
      ridge: 0.03,
    }),
    { dimension },
  );

const squares = { loss: 'squares', ridge: 0.05 } as const;
const estimated = { rows: 90, draw: { unit: 'behind', generation: 0 }, covariance: false };
const more: readonly (readonly [string, readonly ClassRecipe[]])[] = [
  [
    'labels from a sigmoid',
    [
      recipeOf(fitOf([blockOf(900, { labels: [0.8, 0.6, 0], response: 'sigmoid' })], squares), {
        dimension: 40,
        norm: 2,
      }),
    ],
  ],
  [
    'an estimated mean',
    [recipeOf(fitOf([blockOf(80, {}), blockOf(500, { estimated }, 1)], squares), { dimension: 40, separation: 0.8 })],
  ],
  [
    'the share kept',
    [
      recipeOf(
        fitOf(
          [
            blockOf(3000, {
              labels: [0.8, 0.6, 0],
              keep: keepOnly({ judge: [0.9, 0, Math.sqrt(0.19)], agree: true, right: 0 }),
            }),
          ],
          squares,
        ),
        {
          ...{ dimension: 40, separation: 1, measure: 'kept' },
        },
      ),
    ],
  ],
];

async function drawn(recipes: readonly ClassRecipe[], first: number, trials: number, capacity = trials) {
  const source = await openOn(span, { seed: SEED, recipes }, context.launcher, capacity);
  const batches = [];
  for (let at = 0; at < trials; at += capacity)
    batches.push(await source.run(first + at, Math.min(capacity, trials - at)));
  source.close();
  return batches;
}

describe('span on the device', () => {
  it.each([
    ...settings,
    ['two chunks and a part', [one(200, 2500)]] as const,
    ['fewer rows than columns', [one(150, 90, 0.8)]] as const,
    ['a band of five', [one(12, 60)]] as const,
    ...more,
  ])('agrees with the reference: %s', async (_, recipes) => {
    for (const recipe of recipes) {
      const [batch] = await drawn([recipe], 3, TRIALS);
      const exact = await span.openReference({ seed: SEED, recipes: [recipe] }).run(3, TRIALS);
      expect(Math.max(...batch!.statuses, ...exact.statuses)).toBe(TrialStatus.ok);
      const off = [...batch!.errors].map((error, i) => Math.abs(error / exact.errors[i]! - 1)).sort((a, b) => a - b);
      expect(off[TRIALS >> 1]).toBeLessThan(1e-5);
      expect(off.at(-1)).toBeLessThan(1e-3);
    }
  });

  it('does not see batches, nor what else is in the job', async () => {
    const [, recipes] = settings.find(([name]) => name.startsWith('self-training'))!;
    const [whole] = await drawn(recipes, 0, 21);
    const parts = await drawn(recipes, 0, 21, 7);
    for (const [p, part] of parts.entries())
      for (let cell = 0; cell < recipes.length; cell++)
        expect(part.errors.slice(7 * cell, 7 * cell + 7)).toEqual(
          whole!.errors.slice(21 * cell + 7 * p, 21 * cell + 7 * p + 7),
        );
    const [alone] = await drawn([recipes[1]!], 5, 1);
    expect(alone!.errors[0]).toBe(whole!.errors[21 + 5]);
  });

  it('marks trials of which hardly a row is kept', async () => {
    const recipe = one(30, 60, 0.2);
    const [batch] = await drawn([recipe], 0, 200);
    const exact = await span.openReference({ seed: SEED, recipes: [recipe] }).run(0, 200);
    expect([...batch!.statuses]).toEqual([...exact.statuses]);
    const marked = batch!.statuses.filter((status) => status !== TrialStatus.ok).length;
    expect(marked).toBeGreaterThan(20);
    expect(marked).toBeLessThan(180);
  });
});
