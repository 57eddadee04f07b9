import { truth as truthKernel } from '../../kernels/design.ts';
import type { BufferName, Program } from '../../program/program.ts';
import { launchAddress, truthDraw } from '../address.ts';
import type { TrialLayout } from '../fit-schedule.ts';

/** w0 of every trial into the first vectors of `models`, row length `stride`. */
export function drawTruth(
  program: Program,
  { truth, dimension }: Pick<TrialLayout, 'truth' | 'dimension'>,
  seed: number,
  models: BufferName,
  stride: number,
): void {
  if (truth.kind === 'coefficients') {
    const row = new Float32Array(stride);
    row.set(truth.values);
    program.startingWith(models, stride, row);
    return;
  }
  const SPHERE = truth.kind === 'sphere';
  const size = truth.kind === 'sphere' ? truth.norm : Math.sqrt(truth.variance);
  const launch = { ...launchAddress(seed, truthDraw(dimension)), columns: dimension, stride, size };
  program.dispatch(truthKernel, { models }, { groups: 1, normals: dimension, constants: { SPHERE } }, launch);
}
