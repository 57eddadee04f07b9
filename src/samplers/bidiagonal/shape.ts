import type { Pass, Schedule } from '../chain-schedule.ts';
import { jobCost, NORMAL_WORK, type PassWork } from '../cost.ts';
import type { DeviceLimits, JobCost } from '../sampler.ts';

/** Penalties an invocation of the ridge kernel takes at once: four where there are enough of them. */
export function widthOf(pass: Pass): 1 | 4 {
  return pass.ridges.length > 2 && hasRidge(pass) ? 4 : 1;
}

export const hasRidge = (pass: Pass): boolean => pass.ridges.some((ridge) => ridge > 0);

/** Penalties, padded to whole invocations. */
export const paddedRidges = (pass: Pass): number => Math.ceil(pass.ridges.length / widthOf(pass)) * widthOf(pass);

export const orderOf = (pass: Pass, dimension: number): number => Math.min(pass.rows, dimension);

/** Floats per trial of every buffer; a buffer serves all passes in turn. */
export interface Workspace {
  readonly norms: number;
  readonly deviations: number;
  readonly directions: number;
  readonly rows: number;
  readonly responses: number;
  readonly errors: number;
}

export function workspaceOf(schedule: Schedule): Workspace {
  const largest = (floats: (pass: Pass) => number) => Math.max(1, ...schedule.passes.map(floats));
  return {
    norms: 1,
    deviations: 2 * schedule.modelSlots,
    directions: 2,
    rows: largest((pass) => (hasRidge(pass) ? 3 * orderOf(pass, schedule.dimension) : 0)),
    responses: largest((pass) => 6 * paddedRidges(pass)),
    errors: Math.max(1, schedule.errors),
  };
}

/** Operations per row of the bidiagonal form and penalty, divisions as four (counted from the shader). */
export const ROW_FLOPS = 38;

/** Operations of one step from model to model. */
export const STEP_FLOPS = 60;

/** A chi number takes the work of two normals: proposal and acceptance. */
export const CHI_NORMALS = 2;

/** Normals' worth of random numbers of a least-squares fit or a direction. */
export const SCALAR_NORMALS = 8;

function workOf(pass: Pass, dimension: number): PassWork {
  const rows = hasRidge(pass) ? orderOf(pass, dimension) : 0;
  const kept = pass.outputs.filter((output) => output.slot !== null).length;
  const measured = pass.measured ? pass.sides.length : 0;
  const flops = ROW_FLOPS * rows * paddedRidges(pass) + STEP_FLOPS * (measured * pass.ridges.length + kept);
  const ridgeless = pass.ridges.includes(0) ? 1 : 0;
  return {
    flops,
    normals: 3 * rows + 2 + 5 * ridgeless,
    work: flops + NORMAL_WORK * ((1 + 2 * CHI_NORMALS) * rows + SCALAR_NORMALS * (1 + ridgeless)),
    dispatches: 1 + ridgeless + (hasRidge(pass) ? 2 : 0) + measured + kept,
  };
}

/** Trials beyond which a larger batch gains nothing on any device. */
const MOST_TRIALS = 2 ** 20;

export function costOf(schedule: Schedule, limits: DeviceLimits): JobCost {
  const { dimension, truth, passes } = schedule;
  const setUp = truth.kind === 'gaussian' ? [{ flops: 0, normals: 1, work: 0, dispatches: 1 }] : [];
  const job = {
    dimension,
    workspace: { ...workspaceOf(schedule) },
    passes: [...setUp, ...passes.map((pass) => workOf(pass, dimension))],
    mostTrials: MOST_TRIALS,
    changesFor: (_: string, floats: number) => [
      `min(dimension, samples) of ${Math.floor(floats / 3)} or less, and fewer cells that share data`,
    ],
  };
  return jobCost(job, limits);
}
