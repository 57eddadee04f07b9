import type { ChainPass, ChainSchedule } from '../chain-schedule.ts';
import { type Corrections, checksOf, correctionsOf } from '../direct/conditioning.ts';

export const hasRidge = (pass: ChainPass): boolean => pass.ridges.some((ridge) => ridge > 0);

/** Steps of correction by pass and ridge, as in `direct`: R'R has the law of X'X. Least squares needs none. */
export function wishartCorrections(schedule: ChainSchedule): Corrections {
  return ofRidges(schedule, correctionsOf(schedule));
}

/** The same for a second computation; null without a fit that needs one. */
export function wishartChecks(schedule: ChainSchedule): Corrections | null {
  const checks = checksOf(schedule);
  const wanted = checks && ofRidges(schedule, checks);
  return JSON.stringify(wanted) === JSON.stringify(wishartCorrections(schedule)) ? null : wanted;
}

const ofRidges = ({ passes }: ChainSchedule, corrections: Corrections): Corrections =>
  corrections.map((steps, i) => steps.map((n, r) => (passes[i]!.ridges[r]! > 0 ? n : 0)));
