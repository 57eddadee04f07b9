import { MOST_BLOCKS } from '../../../kernels/accepted.ts';
import type { TrialSource } from '../../../program/trials.ts';
import { normalsAt, Purpose } from '../../../reference/normal.ts';
import { streamKey } from '../../address.ts';
import { acceptedBatch } from './batch.ts';
import { type AcceptedSchedule, type AcceptedStep, scaled } from './schedule.ts';

/** The accepted sampler in plain f64 loops: the same integers, no GPU. */
export function openAcceptedReference(schedule: AcceptedSchedule, seed: number): TrialSource {
  const { directions, steps } = schedule;
  return {
    capacity: Number.POSITIVE_INFINITY,
    run: async (first, count) => {
      const models = new Float64Array(directions * steps.length * count);
      const place = (step: number, direction: number, trial: number) => (step * directions + direction) * count + trial;
      for (const [number, step] of steps.entries())
        for (let direction = 0; direction < directions; direction++)
          for (let trial = 0; trial < count; trial++) {
            const before = step.before === null ? 0 : models[place(step.before, direction, trial)]!;
            models[place(number, direction, trial)] = next(schedule, step, before, direction, seed, first + trial);
          }
      return acceptedBatch(schedule, first, count, models, count);
    },
    close: () => {},
  };
}

function next(
  schedule: AcceptedSchedule,
  { rows, draw, before }: AcceptedStep,
  theta: number,
  direction: number,
  seed: number,
  trial: number,
): number {
  const { centre, band } = scaled(schedule);
  const key = streamKey(seed, draw);
  if (before === null) return normalsAt(key, trial, direction, 0, Purpose.design)[0] / Math.sqrt(rows);
  let sum = 0;
  for (let row = 0; row < rows; row++)
    sum += accepted((block) => normalsAt(key, trial, direction * rows + row, block, Purpose.design));

  function accepted(normals: (block: number) => readonly number[]): number {
    for (let block = 0; block < MOST_BLOCKS; block++)
      for (const z of normals(block)) {
        const off = theta + z - centre;
        if (Math.abs(off) <= band) return off;
      }
    return Number.NaN;
  }
  return centre + sum / rows;
}
