/**
 * Plan. The f64 reference of refits against the definition: rows by other random numbers, mean and covariance of them all.
 * - Kolmogorov and Smirnov at level 1 % together: one dimension and several, each measure, fewer rows than dimensions, rows that are kept, fresh and first real
 *   rows, both divisors, standard deviations that are sharpened
 * - a real sample that comes again is the same rows: with nothing else beside it the first model comes again
 */
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/experiment/experiment.ts';
import { gaussianChain } from '../../src/regimes/gaussian-chain.ts';
import type { GaussianRecipe } from '../../src/regimes/gaussian-recipe.ts';
import { refits } from '../../src/samplers/gaussian/refits/index.ts';
import { literalGaussians } from '../support/gaussian-rows.ts';
import { parametersOf } from '../support/parameters.ts';
import { allErrors, criticalDistance, distance } from '../support/two-samples.ts';
import { uniforms } from '../theory/tails/random.ts';

const TRIALS = 2000;

const recipe = (settings: JsonObject): GaussianRecipe => gaussianChain.recipe(parametersOf(gaussianChain, settings));

const settings: readonly (readonly [string, JsonObject])[] = [
  ['variance', { real: { samples: 5 }, synthetic: { samples: 4 }, generations: 3 }],
  ['mean', { dimension: 3, real: { samples: 6 }, synthetic: { samples: 7 }, generations: 2, measure: 'mean' }],
  ['few rows', { dimension: 4, real: { samples: 3 }, synthetic: { samples: 3 }, generations: 2 }],
  ['volume', { dimension: 3, real: { samples: 6 }, synthetic: { samples: 5 }, generations: 2, measure: 'log-volume' }],
  [
    'divergence',
    { dimension: 2, real: { samples: 9 }, synthetic: { samples: 8 }, generations: 2, measure: 'divergence' },
  ],
  [
    'kept',
    { dimension: 2, real: { samples: 4 }, synthetic: { samples: 5 }, past: 'kept', generations: 3, measure: 'mean' },
  ],
  ['kept variance', { dimension: 3, real: { samples: 4 }, synthetic: { samples: 2 }, past: 'kept', generations: 2 }],
  [
    'fresh and sharpened',
    { real: { samples: 4, later: 3 }, synthetic: { samples: 5, sharpen: 0.8, growth: 1 }, generations: 3 },
  ],
  [
    'the first again',
    {
      dimension: 2,
      real: { samples: 4, kept: true },
      synthetic: { samples: 6 },
      estimator: 'likelihood',
      generations: 2,
      measure: 'divergence',
    },
  ],
];

describe('refits draws the law of rows that are fitted', () => {
  it.each(settings)('%s', async (_, setting) => {
    const one = recipe(setting);
    const uniform = uniforms(5);
    const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
    const other = Float64Array.from({ length: TRIALS }, () => literalGaussians(one, normal)[one.estimate.measure]);
    const job = { seed: 3, recipes: [one] };
    const [own] = await allErrors({ ...refits.openReference(job), capacity: TRIALS }, job, TRIALS);
    expect(distance(own!, other)).toBeLessThan(criticalDistance(TRIALS, TRIALS, 0.01 / settings.length));
  });

  it('takes a real sample that comes again for the same rows', async () => {
    const rounds = (again: boolean): GaussianRecipe['estimate']['rounds'] => {
      const first = { kept: false, samples: [{ rows: 5, draw: { unit: 'real', generation: 0 }, real: true }] };
      return again ? [first, first] : [first];
    };
    const recipes = [false, true].map(
      (again): GaussianRecipe => ({
        ...{ kind: 'gaussian', dimension: 3, sharpen: 1, estimator: 'unbiased' },
        estimate: { rounds: rounds(again), measure: 'divergence' },
      }),
    );
    const { errors } = await refits.openReference({ seed: 3, recipes }).run(0, 5);
    expect(errors.slice(5)).toEqual(errors.slice(0, 5));
  });
});
