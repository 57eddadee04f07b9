/**
 * Plan. Refits on the device against the f64 reference, trial by trial, from the same integers: every measure, rows that are kept and that come again, one
 * dimension and as many as there may be; long chains whose directions lie twenty orders of magnitude apart keep the volume; the same bits in batches of 1, 7 and any size.
 */
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/experiment/experiment.ts';
import { gaussianChain } from '../../src/regimes/gaussian-chain.ts';
import type { GaussianRecipe } from '../../src/regimes/gaussian-recipe.ts';
import { refits } from '../../src/samplers/gaussian/refits/index.ts';
import { useGpu } from '../support/gpu.ts';
import { parametersOf } from '../support/parameters.ts';
import { openOn } from '../support/programs.ts';

const context = useGpu();
const SEED = 2 ** 40 + 5;
const TRIALS = 100;

const recipe = (settings: JsonObject): GaussianRecipe => gaussianChain.recipe(parametersOf(gaussianChain, settings));

async function drawn(recipes: readonly GaussianRecipe[], trials: number, capacity = trials) {
  const source = await openOn(refits, { seed: SEED, recipes }, context.launcher, capacity);
  const errors = recipes.map((): number[] => []);
  for (let at = 0; at < trials; at += capacity) {
    const batch = await source.run(at, Math.min(capacity, trials - at));
    for (const [cell, all] of errors.entries())
      all.push(...batch.errors.slice(cell * batch.count, (cell + 1) * batch.count));
    expect(batch.statuses.every((status) => status === 0)).toBe(true);
  }
  source.close();
  return errors;
}

const world = { dimension: 5, real: { samples: 12 }, synthetic: { samples: 9 } };
const measures = ['mean', 'variance', 'log-volume', 'divergence'] as const;

describe('refits on the device', () => {
  it.each<readonly [string, readonly JsonObject[]]>([
    ['replaced', measures.flatMap((measure) => [0, 1, 4].map((generations) => ({ ...world, measure, generations })))],
    ['kept', measures.map((measure) => ({ ...world, past: 'kept', measure, generations: 4 }))],
    [
      'fresh and first',
      measures.map((measure) => ({
        ...world,
        real: { samples: 12, later: 7, kept: true },
        synthetic: { samples: 9, sharpen: 0.9, growth: 0.5 },
        estimator: 'likelihood',
        measure,
        generations: 4,
      })),
    ],
    ['one dimension', measures.map((measure) => ({ ...world, dimension: 1, measure, generations: 2 }))],
    ['fewer rows than dimensions', [{ ...world, dimension: 20, generations: 2 }]],
    [
      'sixty-four',
      [
        {
          ...world,
          dimension: 64,
          real: { samples: 90 },
          synthetic: { samples: 80 },
          measure: 'log-volume',
          generations: 1,
        },
      ],
    ],
    [
      'a long chain',
      [
        {
          ...world,
          dimension: 8,
          real: { samples: 40 },
          synthetic: { samples: 40 },
          measure: 'log-volume',
          generations: 150,
        },
      ],
    ],
  ])('agrees with the reference: %s', async (_, settings) => {
    const recipes = settings.map(recipe);
    const got = await drawn(recipes, TRIALS);
    const exact = await refits.openReference({ seed: SEED, recipes }).run(0, TRIALS);
    const rounding = refits.rounding({ seed: SEED, recipes });
    let worst = 0;
    for (let trial = 0; trial < TRIALS; trial++) {
      const reference = Float64Array.from(recipes, (_cell, cell) => exact.errors[cell * TRIALS + trial]!);
      const allowed = rounding(trial, reference);
      recipes.forEach((_cell, cell) => {
        worst = Math.max(worst, Math.abs(got[cell]![trial]! - reference[cell]!) / allowed[cell]!);
      });
    }
    expect(worst).toBeLessThan(1);
  });

  it('does not see batches', async () => {
    const recipes = [recipe({ ...world, past: 'kept', measure: 'divergence', generations: 3 })];
    const whole = await drawn(recipes, 21);
    expect(await drawn(recipes, 21, 1)).toEqual(whole);
    expect(await drawn(recipes, 21, 7)).toEqual(whole);
  });
});
