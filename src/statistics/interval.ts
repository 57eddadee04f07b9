import { studentTQuantile } from './student-t.ts';

/** Where the mean of so many trials is, by its standard error. */
interface MeanOfTrials {
  readonly trials: number;
  readonly mean: number;
  readonly sem: number;
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Two-sided 95 % Student-t interval of the mean; NaN ends where there is no standard error. */
export function interval95({ trials, mean, sem }: MeanOfTrials): Interval {
  const half = halfWidth95({ trials, sem });
  return { low: mean - half, high: mean + half };
}

/** Half the width of `interval95`. */
export function halfWidth95({ trials, sem }: Omit<MeanOfTrials, 'mean'>): number {
  return trials > 1 && Number.isFinite(sem) ? studentTQuantile(0.975, trials - 1) * sem : Number.NaN;
}
