import type { CellResult } from '../../src/experiment/results.ts';
import { forEachStatistic, type Summary } from '../../src/statistics/summary.ts';

/** A summary of 100 trials that says what is given; other statistics are NaN, so that a test names what it is about. */
export function summaryOf(given: Partial<Summary> = {}): Summary {
  return { trials: 100, failed: 0, ...forEachStatistic(() => Number.NaN), ...given };
}

/** A cell that says what is given, without a theory otherwise; other statistics are NaN. */
export function cellOf(given: Partial<CellResult> = {}): CellResult {
  return { at: {}, sampler: 'direct', ...summaryOf(), theory: null, z: null, ...given };
}
