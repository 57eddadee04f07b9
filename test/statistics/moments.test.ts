/**
 * Plan
 * - Moments of a shifted sample whose naive sum of squares would lose every digit.
 * - What does not exist for so few numbers is NaN.
 */
import { expect, test } from 'vitest';
import { meanOf, momentsOf, standardDeviation, standardError } from '../../src/statistics/moments.ts';

test('a large offset costs no digits of the variance', () => {
  const moments = momentsOf([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16]);
  expect(moments.mean).toBe(1e9 + 10);
  expect(standardDeviation(moments)).toBeCloseTo(Math.sqrt(30), 12);
  expect(standardError(moments)).toBeCloseTo(Math.sqrt(30) / 2, 12);
});

test('few numbers', () => {
  const none = momentsOf([]);
  expect(none).toEqual({ count: 0, mean: 0, m2: 0 });
  expect([meanOf(none), standardDeviation(none), standardError(none)]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  expect(standardDeviation(momentsOf([3]))).toBeNaN();
});
