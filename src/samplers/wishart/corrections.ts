import type { Pass, Schedule } from '../chain-schedule.ts';
import { type Corrections, correctionsOf } from '../direct/conditioning.ts';

export const hasRidge = (pass: Pass): boolean => pass.ridges.some((ridge) => ridge > 0);

/** Steps of correction by pass and ridge, as in `direct`: R'R has the law of X'X. Least squares needs none. */
export function wishartCorrections(schedule: Schedule): Corrections {
  const { passes } = schedule;
  return correctionsOf(schedule).map((steps, i) => steps.map((n, r) => (passes[i]!.ridges[r]! > 0 ? n : 0)));
}
