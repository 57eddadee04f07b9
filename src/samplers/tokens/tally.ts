import type { ProgramForm } from '../../program/program.ts';
import type { TrialBatch } from '../../program/trials.ts';
import { WHOLE } from './masses.ts';
import type { TokenSchedule } from './schedule.ts';

/** Masses that the bins of one trial have seen, integers in units of 1 / WHOLE, to the masses unseen of every cell: exact in f64. */
export function tokenBatch(
  { cells }: Pick<TokenSchedule, 'cells'>,
  first: number,
  count: number,
  seen: (bin: number, trial: number) => number,
): TrialBatch {
  const errors = new Float64Array(cells.length * count);
  for (const [cell, { firstBin, lastBin }] of cells.entries())
    for (let trial = 0; trial < count; trial++) {
      let sum = 0;
      for (let bin = firstBin; bin <= lastBin; bin++) sum += seen(bin, trial);
      errors[cell * count + trial] = (WHOLE - sum) / WHOLE;
    }
  return { first, count, errors, statuses: new Uint8Array(cells.length * count) };
}

/** The same from sums of limbs as the device has them, rows of so many trials. */
function massesSeen(sums: Uint32Array, trials: number): (bin: number, trial: number) => number {
  const limb = (bin: number, trial: number, l: number) => sums[(4 * bin + l) * trials + trial]! * 2 ** (12 * l);
  return (bin, trial) => limb(bin, trial, 0) + limb(bin, trial, 1) + limb(bin, trial, 2) + limb(bin, trial, 3);
}

/** Masses that bins have seen, in the buffer `sums`. */
export const tokensForm = (schedule: TokenSchedule): Pick<ProgramForm, 'results' | 'read'> => ({
  results: ['sums'],
  read: ([sums], first, count, capacity) =>
    tokenBatch(schedule, first, count, massesSeen(new Uint32Array(sums!), capacity)),
});
