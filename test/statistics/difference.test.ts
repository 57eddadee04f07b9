/**
 * Plan: numbers worked out by hand.
 * - paired: 1, 2, 4, 7 less 0, 2, 1, 5 are 1, 0, 3, 2: mean 3/2, variance 5/3, error sqrt(5/12), 3 degrees of freedom, whose 97.5 % quantile
 *   is 3.182446
 * - Welch of the same: means 7/2 and 2, variances 7 and 14/3, error sqrt(35/12), (35/12)^2 / ((49/16 + 49/36)/3) = 75/13 degrees of freedom
 * - probabilities: of Cauchy's law, one degree of freedom, and of two degrees, whose laws are elementary; none where nothing varies
 */
import { expect, it } from 'vitest';
import { halfWidthOf, pairedOf, probabilityOf, welchOf } from '../../src/statistics/difference.ts';

const A = [1, 2, 4, 7];
const B = [0, 2, 1, 5];

it('paired', () => {
  const found = pairedOf(A, B);
  expect(found.value).toBeCloseTo(1.5, 14);
  expect(found.error).toBeCloseTo(Math.sqrt(5 / 12), 14);
  expect(found.freedom).toBe(3);
  expect(halfWidthOf(found)).toBeCloseTo(3.182446305 * Math.sqrt(5 / 12), 8);
});

it('Welch', () => {
  const a = { mean: 3.5, sem: Math.sqrt(7 / 4), trials: 4 };
  const b = { mean: 2, sem: Math.sqrt(14 / 12), trials: 4 };
  const found = welchOf(a, b);
  expect(found.value).toBeCloseTo(1.5, 14);
  expect(found.error).toBeCloseTo(Math.sqrt(35 / 12), 14);
  expect(found.freedom).toBeCloseTo(75 / 13, 12);
});

it('probabilities', () => {
  expect(probabilityOf({ value: -3, error: 1, freedom: 1 })).toBeCloseTo(1 - (2 / Math.PI) * Math.atan(3), 12);
  expect(probabilityOf({ value: 6, error: 2, freedom: 2 })).toBeCloseTo(1 - 3 / Math.sqrt(11), 12);
  expect(probabilityOf({ value: 1, error: 0, freedom: 3 })).toBeNaN();
  expect(halfWidthOf({ value: 1, error: 0, freedom: 3 })).toBe(0);
  expect(halfWidthOf({ value: 1, error: Number.NaN, freedom: 0 })).toBeNaN();
});
