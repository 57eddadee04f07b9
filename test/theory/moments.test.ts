/**
 * Plan
 * - The corrected moments are exact where exact ones exist: any spectrum without ridge for T >= d + 2, Sigma = I for T < d.
 * - They tend to the leading ones as T and d grow, with a difference that halves when both double.
 * - One unknown: all three moments against the integral over chi-square, within the next order of 1/nu.
 * - They stay moments: means within [0, 1], mean squares positive.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { correctedMoments } from '../../src/theory/corrected-moments.ts';
import { exactMoments } from '../../src/theory/exact-moments.ts';
import type { FitMoments } from '../../src/theory/fit-moments.ts';
import { leadingMoments } from '../../src/theory/leading-moments.ts';
import { ones, powers } from './problems.ts';

function expectSame(moments: FitMoments, expected: FitMoments, metric: readonly number[]): void {
  const pairs = [
    [moments.mean, expected.mean],
    [moments.noise, expected.noise],
    [moments.missed(metric), expected.missed(metric)],
  ] as const;
  for (const [got, want] of pairs) {
    for (const [j, value] of got.entries()) expect(value).toBeCloseTo(want[j]!, 12);
  }
}

/** E f(chi-square_T / T), by the trapezoidal rule in the logarithm. */
function overChiSquare(rows: number, f: (s: number) => number): number {
  let [weight, sum] = [0, 0];
  for (let t = -12; t <= 3; t += 1e-3) {
    const density = Math.exp((rows / 2) * (t - Math.exp(t) + 1));
    weight += density;
    sum += density * f(Math.exp(t));
  }
  return sum / weight;
}

describe('corrected moments', () => {
  it.each([5, 6, 20])('are exact without ridge for d = 3, T = %i', (rows) => {
    const spectrum = powers(3, 2);
    expectSame(correctedMoments(spectrum, rows, 0), exactMoments(spectrum, rows, 0)!, [1, 2, 3]);
  });

  it.each([1, 3, 5, 8])('are exact for minimum-norm fits with Sigma = 4 I, d = 10, T = %i', (rows) => {
    const spectrum = ones(10, 4);
    const corrected = correctedMoments(spectrum, rows, 0);
    const exact = exactMoments(spectrum, rows, 0)!;
    if (rows < 8) expectSame(corrected, exact, ones(10, 0.3));
    for (const [j, value] of corrected.missed(ones(10)).entries()) {
      expect(value).toBeCloseTo(exact.missed(ones(10))[j]!, 12);
    }
  });

  it('differ from the leading ones by a term that halves when T and d double', () => {
    const shift = (scale: number) => {
      const spectrum = ones(20 * scale).map((_, j) => ((j + 0.5) / (20 * scale)) ** -1);
      const noise = (moments: FitMoments) => moments.noise.reduce((sum, value, j) => sum + value * spectrum[j]!, 0);
      const fit = [spectrum, 30 * scale, 0.3] as const;
      return noise(correctedMoments(...fit)) / noise(leadingMoments(...fit)) - 1;
    };
    expect(shift(1) / shift(2)).toBeCloseTo(2, 1);
    expect(shift(8) / shift(16)).toBeCloseTo(2, 2);
  });

  it.each([
    [10, 0.1],
    [10, 1],
    [10, 10],
    [40, 0.1],
    [40, 1],
  ])('agree with the integral for d = 1, T = %i, lambda = %f', (rows, ridge) => {
    const { mean, missed, noise, margin } = correctedMoments([1], rows, ridge);
    const within = (got: number, want: number) => expect(Math.abs(got / want - 1)).toBeLessThan(10 / (margin - 3) ** 2);
    within(
      mean[0]!,
      overChiSquare(rows, (s) => s / (s + ridge)),
    );
    within(
      missed([1])[0]!,
      overChiSquare(rows, (s) => (ridge / (s + ridge)) ** 2),
    );
    within(noise[0]!, overChiSquare(rows, (s) => s / (s + ridge) ** 2) / rows);
  });

  it('stay moments', () => {
    const problem = fc.record({
      dimension: fc.integer({ min: 1, max: 40 }),
      decay: fc.double({ min: 0, max: 5, noNaN: true }),
      rows: fc.integer({ min: 1, max: 120 }),
      ridge: fc.double({ min: -9, max: 3, noNaN: true }).map((power) => 10 ** power),
    });
    fc.assert(
      fc.property(problem, ({ dimension, decay, rows, ridge }) => {
        const spectrum = powers(dimension, decay);
        const { mean, missed, noise } = correctedMoments(spectrum, rows, ridge);
        for (const value of mean) {
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(1 + 1e-12);
        }
        for (const value of [...missed(spectrum), ...noise]) expect(value).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 500 },
    );
  });
});
