import { quantile } from '../src/statistics/quantiles.ts';
import type { Reading, Roofline, Row } from './record.ts';

/** Median and quartiles of the seconds of one repeat. */
export interface Timing {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

export function timingOf({ seconds }: Pick<Row, 'seconds'>): Timing | null {
  if (seconds.length === 0) return null;
  return { median: quantile(seconds, 0.5), low: quantile(seconds, 0.25), high: quantile(seconds, 0.75) };
}

/** Units per second at the median; null for rows without times. */
export function rateOf(row: Pick<Row, 'seconds' | 'units'>): number | null {
  const timing = timingOf(row);
  return timing && row.units / timing.median;
}

/** Share of the measured peak of the row's own kind: arithmetic, or memory where a row is counted in bytes. */
export function shareOf(row: Row, roofline: Roofline | null): number | null {
  const rate = rateOf(row);
  if (rate === null || roofline === null || !row.contestant.startsWith('collapse')) return null;
  if (row.unit === 'byte') return rate / roofline.bytes.peak;
  return row.flopsPerUnit > 0 ? (rate * row.flopsPerUnit) / roofline.flops.peak : null;
}

/** Relative difference of the two readings that differ most; null where one was taken only once. */
export function driftOf(readings: readonly Pick<Reading, 'before' | 'after'>[]): number | null {
  let most = 0;
  for (const { before, after } of readings) {
    if (after === null) return null;
    most = Math.max(most, (2 * Math.abs(before - after)) / (before + after));
  }
  return most;
}
