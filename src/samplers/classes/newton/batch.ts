import { type TrialBatch, TrialStatus } from '../../../program/trials.ts';
import { measured } from '../measured.ts';
import type { ClassSchedule } from '../schedule.ts';

/** What fits have come to, by number: the coordinate along the truth, the squared length across it, and whether it has settled (0), row by row of `stride` trials. */
export function newtonBatch(
  schedule: ClassSchedule,
  first: number,
  count: number,
  outcomes: Float32Array | Float64Array,
  stride: number,
): TrialBatch {
  const { cells, fits } = schedule;
  const errors = new Float64Array(cells.length * count);
  const statuses = new Uint8Array(cells.length * count);
  for (const [cell, { measure, fit, behind }] of cells.entries()) {
    if (measure === 'kept') throw new Error('newton does not measure how many rows are kept');
    for (let trial = 0; trial < count; trial++) {
      const at = (number: number, part: number) => outcomes[(3 * number + part) * stride + trial]!;
      const place = cell * count + trial;
      errors[place] = measured(measure, at(fit, 0), Math.sqrt(at(fit, 1)), schedule);
      if (behind.some((number) => fits[number]!.fit.loss === 'logistic' && at(number, 2) !== 0))
        statuses[place] = TrialStatus.separable;
      else if (!Number.isFinite(errors[place]!)) statuses[place] = TrialStatus.nonFinite;
    }
  }
  return { first, count, errors, statuses };
}
