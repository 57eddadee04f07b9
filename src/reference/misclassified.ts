import { normalCdf } from './normal-law.ts';

/**
 * The share of rows that a linear classifier puts into another class than the truth does, from its coordinate along the truth and those beside it,
 * the last the length of all the rest: its angle over pi; with class means at a distance `separation` from 0, Phi(-separation cos).
 */
export function misclassified([along, ...others]: readonly [number, ...number[]], separation: number): number {
  const beside = Math.hypot(...others);
  if (separation > 0) return normalCdf((-separation * along) / Math.hypot(along, beside));
  return Math.atan2(beside, along) / Math.PI;
}
