import { type TrialBatch, TrialStatus } from '../../../program/trials.ts';
import { type AcceptedSchedule, scaled } from './schedule.ts';

/** Models of trials, less the truth in units of the noise, as what is measured of them: `models[(step directions + direction) stride + trial]`. */
export function acceptedBatch(
  schedule: AcceptedSchedule,
  first: number,
  count: number,
  models: Float32Array | Float64Array,
  stride: number,
): TrialBatch {
  const { directions, truth, noise, cells } = schedule;
  const { centre } = scaled(schedule);
  const errors = new Float64Array(cells.length * count);
  const statuses = new Uint8Array(cells.length * count);
  for (const [cell, { step, measure }] of cells.entries())
    for (let trial = 0; trial < count; trial++) {
      let sum = 0;
      for (let direction = 0; direction < directions; direction++) {
        const off = models[(step * directions + direction) * stride + trial]!;
        sum += measure === 'mean' ? off / directions : (off - (measure === 'truth' ? 0 : centre)) ** 2;
      }
      errors[cell * count + trial] = measure === 'mean' ? truth + noise * sum : noise * noise * sum;
      if (!Number.isFinite(sum)) statuses[cell * count + trial] = TrialStatus.nonFinite;
    }
  return { first, count, errors, statuses };
}
