import type { TrialSource } from '../../../program/trials.ts';
import { addScaled, dot } from '../../../reference/linalg.ts';
import { normalRow, normalsAt, Purpose } from '../../../reference/normal.ts';
import { streamKey } from '../../address.ts';
import { sequentialSource } from '../../batch.ts';
import * as draws from '../draws.ts';
import { type DescentPass, type DescentSchedule, stretchesOf } from './schedule.ts';

/** The same steps in plain f64 loops, from the same integers. */
export function openDescentReference(schedule: DescentSchedule, seed: number): TrialSource {
  return sequentialSource(schedule.cells, (trial) => ({ errors: runTrial(schedule, seed, trial) }));
}

function runTrial(schedule: DescentSchedule, seed: number, trial: number): Float64Array {
  const truth = draws.drawTruth(schedule, seed, trial);
  const models: Float64Array[] = [truth];
  const errors = new Float64Array(schedule.errors);
  for (const pass of schedule.passes) {
    const label = models[pass.labels]!;
    for (const { estimate, error, slot } of walked(pass, label, seed, trial)) {
      if (error !== null) errors[error] = draws.testError(estimate, truth, schedule.spectrum);
      if (slot !== null) models[slot] = estimate;
    }
  }
  return errors;
}

/** The estimates at the checkpoints of a pass. */
function* walked(pass: DescentPass, label: Float64Array, seed: number, trial: number) {
  const key = streamKey(seed, pass.draw);
  const roots = Float64Array.from(pass.spectrum, Math.sqrt);
  const v = label.map((w) => -w);
  const sum = new Float64Array(v.length);
  const slope = new Float64Array(v.length);
  const x = new Float64Array(v.length);
  let row = 0;
  for (const { steps, rate, averaging, checkpoint } of stretchesOf(pass, Infinity)) {
    for (let step = 0; step < steps; step++) {
      slope.fill(0);
      for (let b = 0; b < pass.batch; b++, row++) {
        normalRow(key, trial, row, Purpose.design, x);
        for (let j = 0; j < x.length; j++) x[j]! *= roots[j]!;
        const g = normalsAt(key, trial, row >> 2, 0, Purpose.noise)[(row & 3) as 0 | 1 | 2 | 3];
        addScaled(slope, dot(x, v) - pass.noise * g, x);
      }
      addScaled(v, -rate / pass.batch, slope);
      if (averaging) addScaled(sum, 1, v);
    }
    if (checkpoint) {
      const mean = averaging ? sum.map((value) => value / pass.averaged) : v;
      yield { ...checkpoint, estimate: label.map((w, j) => w + mean[j]!) };
    }
  }
}
