/**
 * Plan
 * - Files name the statistics of the first version first and in its order, whatever comes later; `forEachStatistic` keeps it.
 * - Every shown statistic has its head; the mean is shown with its interval.
 * - What rests on the mean is left out where there is none.
 */
import { expect, test } from 'vitest';
import {
  forEachStatistic,
  STATISTIC_HEADS,
  STATISTIC_KEYS,
  shownStatistics,
  summarise,
  withoutMean,
} from '../../src/statistics/summary.ts';

const summary = summarise(Float64Array.of(1, 2, 4, 8), 3);

test('order of the statistics', () => {
  expect(STATISTIC_KEYS.slice(0, 6)).toEqual(['mean', 'sem', 'sd', 'median', 'q05', 'q95']);
  expect(Object.keys(forEachStatistic((key) => key))).toEqual(STATISTIC_KEYS);
  expect(Object.keys(summary)).toEqual(['trials', 'failed', ...STATISTIC_KEYS]);
});

test('what people read', () => {
  expect(STATISTIC_HEADS.slice(0, 2)).toEqual(['mean (SE)', 'median']);
  // sd^2 = 28.75/3, so the standard error is sqrt(28.75/12) = 1.55.
  expect(shownStatistics(summary).slice(0, 2)).toEqual(['3.8(1.5)', '3']);
  expect(shownStatistics(summary)).toHaveLength(STATISTIC_HEADS.length);
  expect(shownStatistics(withoutMean(summary)).slice(0, 2)).toEqual(['–', '3']);
});
