/**
 * Plan. The accepted sampler on the device against its f64 reference, trial by trial, from the same integers: rows in more than a run, several directions, a
 * band of which few labels are; the same bits in batches of 1, 7 and any size; a band that none meets marks a trial, and no other.
 */
import { describe, expect, it } from 'vitest';
import { TrialStatus } from '../../src/program/trials.ts';
import type { VerifiedRecipe } from '../../src/regimes/verified-recipe.ts';
import { accepted } from '../../src/samplers/verified/accepted/index.ts';
import { useGpu } from '../support/gpu.ts';
import { openOn } from '../support/programs.ts';

const context = useGpu();
const SEED = 2 ** 40 + 5;

const recipe = (rounds: readonly number[], more: Partial<VerifiedRecipe> = {}): VerifiedRecipe => ({
  ...{ kind: 'verified', directions: 3, truth: 0.8, noise: 1, centre: 0.1, band: 1.2, ...more },
  estimate: {
    rounds: rounds.map((rows, generation) => ({ rows, draw: { unit: 'rows', generation } })),
    measure: 'truth',
  },
});

async function drawn(recipes: readonly VerifiedRecipe[], trials: number, capacity = trials) {
  const source = await openOn(accepted, { seed: SEED, recipes }, context.launcher, capacity);
  const errors: number[] = [];
  const statuses: number[] = [];
  for (let at = 0; at < trials; at += capacity) {
    const batch = await source.run(at, Math.min(capacity, trials - at));
    errors.push(...batch.errors);
    statuses.push(...batch.statuses);
  }
  source.close();
  return { errors, statuses };
}

describe('accepted on the device', () => {
  it.each([
    ['two runs and a part', [recipe([9, 150])]],
    ['rounds', [recipe([9, 20]), recipe([9, 20, 20])]],
    ['few within the band', [recipe([9, 20], { centre: -1, band: 0.2 })]],
  ])('agrees with the reference: %s', async (_, recipes) => {
    const got = await drawn(recipes, 200);
    const exact = await accepted.openReference({ seed: SEED, recipes }).run(0, 200);
    expect(got.statuses).toEqual([...exact.statuses]);
    const off = got.errors.map((error, i) => Math.abs(error - exact.errors[i]!)).sort((x, y) => x - y);
    expect(off[off.length >> 1]).toBeLessThan(2e-6);
    const rounding = accepted.rounding({ seed: SEED, recipes });
    for (let trial = 0; trial < 200; trial++) {
      const [own, reference] = [got.errors, [...exact.errors]].map((errors) =>
        recipes.map((_cell, cell) => errors[200 * cell + trial]!),
      );
      const allowed = rounding(trial, Float64Array.from(reference!));
      own!.forEach((error, cell) => {
        expect(Math.abs(error - reference![cell]!)).toBeLessThan(allowed[cell]!);
      });
    }
  });

  it('does not see batches', async () => {
    const whole = await drawn([recipe([9, 20, 20])], 21);
    expect(await drawn([recipe([9, 20, 20])], 21, 1)).toEqual(whole);
    expect(await drawn([recipe([9, 20, 20])], 21, 7)).toEqual(whole);
  });

  it('marks trials of which no label is accepted', async () => {
    const recipes = [recipe([9, 2], { directions: 1, centre: 40, band: 0.5 })];
    const { statuses } = await drawn(recipes, 3);
    expect(statuses).toEqual([TrialStatus.nonFinite, TrialStatus.nonFinite, TrialStatus.nonFinite]);
  });
});
