/**
 * Plan
 * - `nextTerm` and `restOfSeries` are what partial sums of a geometric series leave out; nothing is finite from t = 1 on.
 * - `resummed` is the sum below 1/2, and goes on from there without a step or a kink.
 * - A term that turns negative says nothing; an exact zero has no allowance; a sum has a leading order where any part has one.
 */
import { expect, test } from 'vitest';
import { expandedTerm, nextTerm, restOfSeries, resummed, sumOfTerms } from '../../src/theory/expansion.ts';

test('what a geometric series still has', () => {
  for (const t of [0, 0.01, 0.3, 0.9]) {
    let series = 0;
    for (let k = 2; k < 500; k++) series += t ** k;
    expect(nextTerm(t)).toBeCloseTo(series, 12);
    expect(restOfSeries(t)).toBeCloseTo(t + series, 12);
  }
  expect([nextTerm(1), nextTerm(3), restOfSeries(1), nextTerm(Number.NaN)]).toEqual(Array(4).fill(Infinity));
});

test('the sum, and its tangent', () => {
  expect(resummed(-1)).toBe(0.5);
  expect(resummed(0.5)).toBe(2);
  const [before, after] = [resummed(0.5) - resummed(0.5 - 1e-6), resummed(0.5 + 1e-6) - resummed(0.5)];
  expect(after / before).toBeCloseTo(1, 5);
  expect(resummed(10)).toBe(40);
});

test('a term to two orders', () => {
  expect(expandedTerm(1.1, 1, [0.1])).toEqual({
    value: 1.1,
    allowance: expect.closeTo(1.1 * 2 * (0.01 / 0.9), 12),
    leading: 1,
  });
  expect(expandedTerm(-0.1, 1, [])).toEqual({ value: 1, allowance: Infinity, leading: 1 });
  expect(expandedTerm(0, 0, [0.1])).toEqual({ value: 0, allowance: 0, leading: 0 });
  const exact = { value: 2, allowance: 0 };
  expect(sumOfTerms({ bias: exact, variance: exact, collapse: exact })).toEqual({ value: 6, allowance: 0 });
  const mixed = { bias: exact, variance: { value: 1, allowance: 0.5, leading: 0.75 }, collapse: exact };
  expect(sumOfTerms(mixed)).toEqual({ value: 5, allowance: 0.5, leading: 4.75 });
});
