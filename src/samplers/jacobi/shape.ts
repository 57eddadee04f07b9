import { jobCost, NORMAL_WORK, type PassWork } from '../cost.ts';
import type { DeviceLimits, JobCost } from '../sampler.ts';
import type { Pair, Plan, Visit } from './visits.ts';

/** Levels of the bidiagonal forms: as far as the signal reaches before a block, or what both leave free, is used up. */
export function levelsOf([m, n]: Pair, dimension: number): number {
  return Math.min(dimension, m + 1, n + 1, m + n - dimension + 2);
}

/** Directions beyond these that only the first block sees, and only the second. */
export const tailsOf = ([m, n]: Pair, dimension: number): [number, number] => [
  Math.max(0, dimension - n - 1),
  Math.max(0, dimension - m - 1),
];

/** Numbers per level: two cosines and sines, two normals. */
export const LEVEL = 6;

/** Numbers per draw beside its levels: chi_T, chi_{T-d+1}, a normal and the lengths of the noise in the tails. */
export const SCALARS = 5;

/** Floats per trial of every buffer. */
export function workspaceOf({ dimension, modelSlots, errors, visits }: Plan) {
  return {
    models: modelSlots,
    forms: Math.max(...visits.map(({ rows }) => LEVEL * levelsOf(rows, dimension) + SCALARS)),
    errors: Math.max(1, errors),
  };
}

/** Operations per level of one fit, divisions and roots as four (counted from the shader). */
export const FIT_FLOPS = 64;

/** Work of the random numbers of a level in normals: two normals and four chi numbers of two each. */
export const LEVEL_NORMALS = 10;

function workOf({ rows, fits }: Visit, dimension: number): PassWork {
  const levels = levelsOf(rows, dimension);
  const flops = FIT_FLOPS * levels * fits.length;
  return {
    flops,
    normals: LEVEL * levels + SCALARS,
    work: flops + NORMAL_WORK * LEVEL_NORMALS * (levels + 1),
    dispatches: 2,
  };
}

/** Trials beyond which a larger batch gains nothing on any device. */
const MOST_TRIALS = 2 ** 20;

export function costOf(plan: Plan, limits: DeviceLimits): JobCost {
  const { dimension, visits } = plan;
  const shifts = plan.shifts.filter(({ scale }) => scale !== 0);
  const shift = { flops: 3 * dimension, normals: dimension, work: (NORMAL_WORK + 3) * dimension, dispatches: 1 };
  const job = {
    dimension,
    workspace: workspaceOf(plan),
    passes: [...shifts.map(() => shift), ...visits.map((visit) => workOf(visit, dimension))],
    mostTrials: MOST_TRIALS,
    changesFor: (_: string, floats: number) => [
      `dimension of ${Math.floor(floats / LEVEL)} or less, and fewer cells that share data`,
    ],
  };
  return jobCost(job, limits);
}
