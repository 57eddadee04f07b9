import type { CellResult } from '../experiment/results.ts';
import { TrialStatus } from '../program/trials.ts';
import { CellSample } from '../statistics/cell-sample.ts';

/** What a cell states that its trials do not say. */
export interface Misstatement {
  readonly statistic: 'trials' | 'mean' | 'median';
  readonly stated: number;
  readonly found: number;
}

/** Two sums of the same numbers, in whatever order. */
const SAME = 1e-9;

/** Holds a cell's statistics against its recorded errors, NaN where a trial failed. A mean that does not exist is stated as NaN. */
export function misstatements(cell: CellResult, errors: Float64Array): readonly Misstatement[] {
  const sample = new CellSample();
  const ok = errors.filter((error) => !Number.isNaN(error));
  sample.add(ok, new Uint8Array(ok.length).fill(TrialStatus.ok));
  const { trials, mean, median } = sample.summary();
  const found = { trials, mean: Number.isNaN(cell.mean) ? Number.NaN : mean, median };
  return (['trials', 'mean', 'median'] as const).flatMap((statistic) => {
    const [stated, own] = [cell[statistic], found[statistic]];
    const same = Object.is(stated, own) || Math.abs(stated - own) <= SAME * Math.abs(own);
    return same ? [] : [{ statistic, stated, found: own }];
  });
}
