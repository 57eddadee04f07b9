import { type TrialBatch, TrialStatus } from '../../../program/trials.ts';
import { measured } from '../measured.ts';
import type { ClassSchedule } from '../schedule.ts';
import { KNOWN } from './sizes.ts';

/** What trials have come to: classifiers `models[(KNOWN slot + k) stride + trial]`, and the share of rows kept `shares[slot stride + trial]`. */
export interface SpanOutcomes {
  readonly models: Float32Array | Float64Array;
  readonly shares: Float32Array | Float64Array;
}

export function spanBatch(
  schedule: ClassSchedule,
  first: number,
  count: number,
  { models, shares }: SpanOutcomes,
  stride: number,
): TrialBatch {
  const { cells } = schedule;
  const errors = new Float64Array(cells.length * count);
  const statuses = new Uint8Array(cells.length * count);
  for (const [cell, { measure, fit }] of cells.entries())
    for (let trial = 0; trial < count; trial++) {
      const at = (k: number) => models[(KNOWN * fit + k) * stride + trial]!;
      const error =
        measure === 'kept'
          ? shares[fit * stride + trial]!
          : measured(measure, at(0), Math.hypot(at(1), at(2), at(3)), schedule);
      errors[cell * count + trial] = error;
      if (Number.isNaN(error)) statuses[cell * count + trial] = TrialStatus.nonFinite;
    }
  return { first, count, errors, statuses };
}
