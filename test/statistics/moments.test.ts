/**
 * Plan
 * - Moments of a shifted sample whose naive sum of squares would lose every digit.
 * - Merging any cut of a sample gives the moments of the whole (property), and the empty set is neutral.
 * - What does not exist for so few numbers is NaN.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  meanOf,
  mergeMoments,
  momentsOf,
  NO_MOMENTS,
  standardDeviation,
  standardError,
} from '../../src/statistics/moments.ts';

test('a large offset costs no digits of the variance', () => {
  const moments = momentsOf([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16]);
  expect(moments.mean).toBe(1e9 + 10);
  expect(standardDeviation(moments)).toBeCloseTo(Math.sqrt(30), 12);
  expect(standardError(moments)).toBeCloseTo(Math.sqrt(30) / 2, 12);
});

test('merging equals taking all at once', () => {
  const numbers = fc.array(fc.double({ min: 0.1, max: 10, noNaN: true }), { minLength: 2, maxLength: 60 });
  fc.assert(
    fc.property(numbers, fc.nat(60), (values, cut) => {
      const whole = momentsOf(values);
      const merged = mergeMoments(momentsOf(values.slice(0, cut)), momentsOf(values.slice(cut)));
      expect(merged.count).toBe(whole.count);
      expect(Math.abs(merged.mean - whole.mean)).toBeLessThan(1e-13 * whole.mean);
      expect(Math.abs(merged.m2 - whole.m2)).toBeLessThan(1e-12 * (whole.m2 + whole.mean ** 2));
    }),
  );
});

test('few numbers', () => {
  expect(momentsOf([])).toEqual(NO_MOMENTS);
  expect(mergeMoments(NO_MOMENTS, momentsOf([3]))).toEqual(momentsOf([3]));
  expect(mergeMoments(momentsOf([3]), NO_MOMENTS)).toEqual(momentsOf([3]));
  expect(meanOf(NO_MOMENTS)).toBeNaN();
  expect(standardDeviation(momentsOf([3]))).toBeNaN();
  expect(standardError(NO_MOMENTS)).toBeNaN();
});
