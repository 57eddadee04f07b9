/**
 * Plan
 * - Type 7 by hand (R: quantile(c(1,2,4,8), c(.05,.5,.9)) gives 1.15, 3, 6.8), unsorted input left alone.
 * - One number, none, equal numbers, and a probability out of range. Numeric, not alphabetic, order.
 */
import { expect, test } from 'vitest';
import { quantile, quantileOfSorted } from '../../src/statistics/quantiles.ts';

test('type 7', () => {
  const values = Float32Array.of(8, 1, 4, 2);
  expect(quantile(values, 0.05)).toBeCloseTo(1.15, 14);
  expect(quantile(values, 0.5)).toBe(3);
  expect(quantile(values, 0.9)).toBeCloseTo(6.8, 14);
  expect([quantile(values, 0), quantile(values, 1)]).toEqual([1, 8]);
  expect([...values]).toEqual([8, 1, 4, 2]);
  expect(quantile([10, 9, 100], 0.5)).toBe(10);
});

test('edges', () => {
  expect(quantile([5], 0.95)).toBe(5);
  expect(quantile([], 0.5)).toBeNaN();
  expect(quantileOfSorted([2, 2, 2], 0.3)).toBe(2);
  expect(() => quantile([1], 1.5)).toThrow(/\[0, 1\]; found 1.5/);
});
