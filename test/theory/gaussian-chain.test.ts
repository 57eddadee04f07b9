/**
 * Plan. What is known of chains of Gaussians.
 * - closed forms: the variance of an unbiased chain is 1 in every round, its mean walks d t/n; the divisor N shrinks it by (n - 1)/n a round; the volume of one
 *   dimension is a sum of logarithms of chi squared, -1.2704 for one degree of freedom
 * - against rows that are drawn and fitted (test/support/gaussian-rows.ts), all measures and all ways to mix, within 4 standard errors
 * - numbers of other simulations: kept rows, a loop of 90 generated and 10 real rows, log det at d = 10, n = 40
 * - the standard deviation of a trial, in one dimension ((1 + 2/(n - 1))^t - 1)^(1/2)
 */
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/experiment/experiment.ts';
import { gaussianChain } from '../../src/regimes/gaussian-chain.ts';
import { literalGaussians } from '../support/gaussian-rows.ts';
import { parametersOf } from '../support/parameters.ts';
import { uniforms } from './tails/random.ts';

function theory(settings: JsonObject) {
  const prediction = gaussianChain.theory(parametersOf(gaussianChain, settings));
  if (prediction?.kind !== 'value') throw new Error(`no value: ${JSON.stringify(prediction)}`);
  return prediction;
}

const chain = { real: { samples: 10 }, synthetic: { samples: 10 } };

describe('chains of Gaussians', () => {
  it('keep their variance on average, and walk', () => {
    for (const generations of [0, 1, 30]) {
      expect(theory({ ...chain, dimension: 3, generations }).value).toBeCloseTo(1, 12);
      expect(theory({ ...chain, dimension: 3, generations, measure: 'mean' }).value).toBeCloseTo(
        (3 * (generations + 1)) / 10,
        12,
      );
      expect(theory({ ...chain, generations, estimator: 'likelihood' }).value).toBeCloseTo(
        0.9 ** (generations + 1),
        12,
      );
    }
    expect(theory({ ...chain, synthetic: { samples: 10, sharpen: 0.9 }, generations: 4 }).value).toBeCloseTo(
      0.9 ** 8,
      12,
    );
  });

  it('lose volume by the logarithms of chi squared', () => {
    const two = { real: { samples: 2 }, synthetic: { samples: 2 }, measure: 'log-volume' };
    // E log chi^2_1 = -gamma - log 2.
    expect(theory({ ...two, generations: 3 }).value).toBeCloseTo(4 * -1.2703628454614782, 12);
    const many = { dimension: 10, real: { samples: 40 }, synthetic: { samples: 40 }, measure: 'log-volume' };
    const [one, next] = [0, 1].map((generations) => 10 * theory({ ...many, generations }).value);
    expect(next! - one!).toBeCloseTo(-1.5556, 4);
  });

  it('have the numbers of other simulations', () => {
    const kept = { dimension: 5, ...chain, past: 'kept', estimator: 'likelihood' };
    for (const [fits, value] of [
      [1, 0.9],
      [3, 0.8678],
      [6, 0.8565],
      [12, 0.8502],
    ] as const)
      expect(Math.abs(theory({ ...kept, generations: fits - 1 }).value - value)).toBeLessThan(1e-4);
    const loop = {
      real: { samples: 100, later: 10 },
      synthetic: { samples: 90 },
      estimator: 'likelihood',
      generations: 400,
    };
    expect(theory({ ...loop, measure: 'mean' }).value).toBeCloseTo(0.0503, 4);
    expect(theory(loop).value).toBeCloseTo(0.9497, 4);
  });

  it('know how far a trial is from the mean', () => {
    const { deviation } = theory({ ...chain, generations: 20 });
    expect(deviation).toBeCloseTo(Math.sqrt((1 + 2 / 9) ** 21 - 1), 10);
  });

  it('have no mean of a divergence of few rows', () => {
    const few = { dimension: 3, real: { samples: 5 }, synthetic: { samples: 9 }, measure: 'divergence' };
    expect(gaussianChain.theory(parametersOf(gaussianChain, { ...few, generations: 1 }))?.kind).toBe('no-mean');
  });

  const settings: readonly JsonObject[] = [
    { dimension: 2, real: { samples: 12 }, synthetic: { samples: 9, growth: 0.7 }, generations: 2, measure: 'mean' },
    {
      dimension: 2,
      real: { samples: 12 },
      synthetic: { samples: 14, sharpen: 0.9 },
      generations: 2,
      measure: 'log-volume',
    },
    {
      dimension: 2,
      real: { samples: 12 },
      synthetic: { samples: 14, sharpen: 1.1 },
      generations: 2,
      measure: 'divergence',
    },
    { dimension: 2, real: { samples: 5 }, synthetic: { samples: 4 }, past: 'kept', generations: 3, measure: 'mean' },
    { dimension: 2, real: { samples: 5 }, synthetic: { samples: 4, sharpen: 0.8 }, past: 'kept', generations: 3 },
    { dimension: 2, real: { samples: 5, later: 3 }, synthetic: { samples: 4 }, past: 'kept', generations: 2 },
    { real: { samples: 5, later: 3 }, synthetic: { samples: 4 }, generations: 3, measure: 'mean' },
    { real: { samples: 5, kept: true }, synthetic: { samples: 8 }, generations: 3, measure: 'mean' },
    {
      real: { samples: 5, kept: true, later: 2 },
      synthetic: { samples: 8, growth: 1 },
      generations: 3,
      estimator: 'likelihood',
    },
    { dimension: 3, real: { samples: 3 }, synthetic: { samples: 2 }, generations: 1 },
  ];

  it.each(settings)('are as rows that are drawn: %j', (setting) => {
    const parameters = parametersOf(gaussianChain, setting);
    const recipe = gaussianChain.recipe(parameters);
    const { value, deviation } = theory(setting);
    const uniform = uniforms(11);
    const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
    const TRIALS = 20_000;
    let [sum, squares] = [0, 0];
    for (let trial = 0; trial < TRIALS; trial++) {
      const drawn = literalGaussians(recipe, normal)[recipe.estimate.measure];
      sum += drawn;
      squares += drawn * drawn;
    }
    const mean = sum / TRIALS;
    const spread = Math.sqrt(squares / TRIALS - mean * mean);
    expect(Math.abs(mean - value)).toBeLessThan((4 * spread) / Math.sqrt(TRIALS));
    if (deviation !== undefined) expect(Math.abs(spread / deviation - 1)).toBeLessThan(0.1);
  });
});
