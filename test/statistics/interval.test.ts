/**
 * Plan
 * - Ten numbers with a known t interval (t(0.975; 9) = 2.262157).
 * - No interval without a standard error.
 * - `withoutMean` removes what rests on the mean and keeps the quantiles.
 */
import { expect, test } from 'vitest';
import { halfWidth95, interval95 } from '../../src/statistics/interval.ts';
import { withoutMean } from '../../src/statistics/summary.ts';
import { summaryOf } from '../support/summaries.ts';

test('Student-t interval', () => {
  const { low, high } = interval95({ trials: 10, mean: 5, sem: 0.1 });
  expect(low).toBeCloseTo(5 - 0.22621571628, 10);
  expect(high).toBeCloseTo(5 + 0.22621571628, 10);
});

test('no interval for one trial or no mean', () => {
  expect(interval95({ trials: 1, mean: 5, sem: Number.NaN }).low).toBeNaN();
  expect(halfWidth95({ trials: 50, sem: Number.NaN })).toBeNaN();
});

test('a summary without its mean', () => {
  const summary = summaryOf({ trials: 9, failed: 1, mean: 4, sem: 1, sd: 3, median: 2, q05: 1, q95: 9 });
  const nan = Number.NaN;
  expect(withoutMean(summary)).toEqual({ ...summary, mean: nan, sem: nan, sd: nan });
});
