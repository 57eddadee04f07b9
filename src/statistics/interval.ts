import { studentTQuantile } from './student-t.ts';
import type { Summary } from './summary.ts';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Two-sided 95 % Student-t interval of the mean; NaN ends where there is no standard error. */
export function interval95({ trials, mean, sem }: Pick<Summary, 'trials' | 'mean' | 'sem'>): Interval {
  const half = halfWidth95({ trials, sem });
  return { low: mean - half, high: mean + half };
}

/** Half the width of `interval95`. */
export function halfWidth95({ trials, sem }: Pick<Summary, 'trials' | 'sem'>): number {
  return trials > 1 && Number.isFinite(sem) ? studentTQuantile(0.975, trials - 1) * sem : Number.NaN;
}
