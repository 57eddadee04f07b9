/**
 * Plan
 * - P(error <= x) of the laws of test errors is that of SciPy (F distribution, quadrature) within the error of the draws.
 * - What is missed of w0 is a beta share of its square, or a chi-square of the directions lost.
 * - False alarms of an exact sampler over many seeds: by the mean there are some where four standard errors promise one in
 *   sixteen thousand, by the median there is none.
 */
import { expect, test } from 'vitest';
import { medianTest } from '../../src/theory/median-test.ts';
import type { TrialLaw } from '../../src/theory/outlook.ts';
import { numbersFrom } from '../statistics/numbers.ts';
import fixture from './fixtures/heavy_laws.json' with { type: 'json' };

test.each(fixture)('P(error <= $x) is $p for $directions directions over $shares', ({ directions, shares, x, p }) => {
  const law: TrialLaw = {
    directions,
    shares: shares.map(([variance, freedom]) => ({ variance: variance!, freedom: freedom! })),
    missed: null,
  };
  const { below } = medianTest(law, x, 1000);
  // Four standard errors of 2^17 draws.
  expect(Math.abs(below - p)).toBeLessThan(4 * Math.sqrt(0.25 / 2 ** 17));
});

test('the truth that the inputs do not span is part of the law', () => {
  const noiseless = (missed: TrialLaw['missed']): TrialLaw => ({ directions: 3, shares: [], missed });
  // beta(1, 1) is uniform; chi^2 of 2 degrees has the median 2 ln 2.
  const uniform = medianTest(noiseless({ kind: 'fixed', norm2: 5, lost: 2, kept: 2 }), 2, 100);
  expect(uniform.below).toBeCloseTo(0.4, 2);
  expect(medianTest(noiseless({ kind: 'gaussian', variance: 3, lost: 2 }), 6 * Math.LN2, 100).z).toBeCloseTo(0, 0);
  expect(medianTest(noiseless({ kind: 'gaussian', variance: 3, lost: 2 }), 6, 10_000).z).toBeGreaterThan(20);
  expect(medianTest(noiseless(null), Number.NaN, 100).z).toBeNaN();
});

test('an exact sampler raises no alarm by its medians, and many by its means', () => {
  const [d, surplus, trials, seeds] = [4, 2, 200, 40];
  const { normal } = numbersFrom(7);
  const chiSquare = (freedom: number) => {
    let sum = 0;
    for (let i = 0; i < freedom; i++) sum += normal() ** 2;
    return sum;
  };
  const law: TrialLaw = { directions: d, shares: [{ variance: 1, freedom: surplus + 1 }], missed: null };
  let [byMean, byMedian] = [0, 0];
  for (let seed = 0; seed < seeds; seed++) {
    const errors = Array.from({ length: trials }, () => chiSquare(d) / chiSquare(surplus + 1)).sort((a, b) => a - b);
    const mean = errors.reduce((sum, x) => sum + x, 0) / trials;
    const variance = errors.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (trials - 1);
    if (Math.abs(mean - d / (surplus - 1)) > 4 * Math.sqrt(variance / trials)) byMean++;
    const median = (errors[trials / 2 - 1]! + errors[trials / 2]!) / 2;
    if (Math.abs(medianTest(law, median, trials).z) > 4) byMedian++;
  }
  expect(byMean).toBeGreaterThan(0);
  expect(byMedian).toBe(0);
});
