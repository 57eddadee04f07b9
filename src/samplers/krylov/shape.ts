import { ARRAYS, RESPONSES } from '../../kernels/krylov.ts';
import type { Pass, Schedule } from '../chain-schedule.ts';
import { jobCost, NORMAL_WORK, type PassWork } from '../cost.ts';
import type { DeviceLimits, JobCost } from '../sampler.ts';
import { stepsOf } from './convergence.ts';

/** Directions beyond which a solve is no longer cheap. */
export const MOST_DIRECTIONS = 512;

export const hasRidge = (pass: Pass): boolean => pass.ridges.some((ridge) => ridge > 0);

/** Systems solved together: truth, label noise, and the deviation of the labelling models where there is a chain. */
export function systemsOf({ passes }: Schedule): 2 | 3 {
  return passes.some((pass) => hasRidge(pass) && pass.sides.some(({ labels }) => labels > 0)) ? 3 : 2;
}

/** Directions to hold for one solve: the bound, and room for the scatter of a finite spectrum. */
export function directionsOf(spectrum: readonly number[], rows: number, ridge: number, systems: number): number {
  return systems * (Math.ceil(1.15 * stepsOf(spectrum, rows, ridge)) + 3) + 1;
}

/** The same for the smallest ridge of a pass, which needs most. */
export function directionsOfPass({ spectrum }: Schedule, pass: Pass, systems: number): number {
  const smallest = Math.min(...pass.ridges.filter((ridge) => ridge > 0));
  return directionsOf(spectrum, pass.rows, smallest, systems);
}

/** Directions that buffers have room for. */
export function capacityOf(schedule: Schedule): number {
  const systems = systemsOf(schedule);
  const needed = schedule.passes.filter(hasRidge).map((pass) => directionsOfPass(schedule, pass, systems));
  return Math.ceil(Math.max(1, ...needed) / 16) * 16;
}

export const strideOf = (dimension: number): number => Math.ceil(dimension / 4) * 4;

/** Floats per trial of every buffer; a buffer serves all passes and ridges in turn. */
export function workspaceOf(schedule: Schedule) {
  const stride = strideOf(schedule.dimension);
  const capacity = capacityOf(schedule);
  return {
    models: stride,
    vectors: ARRAYS * stride,
    lengths: 1,
    variances: schedule.modelSlots,
    rows: capacity * stride,
    chis: capacity,
    basis: capacity * stride,
    products: capacity * capacity,
    coefficients: 8 * capacity,
    states: 8,
    responses: RESPONSES * Math.max(1, ...schedule.passes.map((pass) => pass.ridges.length)),
    statuses: Math.max(1, schedule.factors),
    errors: Math.max(1, schedule.errors),
  };
}

/** The buffers by name. */
export type Workspace = ReturnType<typeof workspaceOf>;

/** Operations of a solve that takes so many directions: six passes over those so far for each, and what does not grow. */
const solveFlops = (directions: number, dimension: number): number =>
  6 * directions ** 2 * dimension + 60 * directions * dimension + directions ** 3;

/** Operations of one step of it, on the average. */
export const stepFlops = (directions: number, dimension: number): number =>
  (3 * solveFlops(directions, dimension)) / Math.max(3, directions);

function workOf(schedule: Schedule, pass: Pass, systems: number): PassWork {
  const { spectrum, dimension } = schedule;
  const ridges = pass.ridges.filter((ridge) => ridge > 0);
  const kept = pass.outputs.filter(({ slot }) => slot !== null).length;
  const steps = kept + (pass.measured ? pass.sides.length * (pass.ridges.length - ridges.length) : 0);
  const measures = pass.measured && ridges.length > 0 ? pass.sides.length : 0;
  const flops = ridges.reduce(
    (sum, ridge) => {
      return sum + solveFlops(systems * stepsOf(spectrum, pass.rows, ridge), dimension);
    },
    15 * measures * pass.ridges.length,
  );
  const rounds = ridges.reduce((sum, ridge) => {
    return sum + 2 + 4 * Math.floor((directionsOf(spectrum, pass.rows, ridge, systems) - 1) / systems);
  }, 0);
  const normals = (ridges.length > 0 ? directionsOfPass(schedule, pass, systems) * (dimension + 2) : 0) + 2 * steps;
  return {
    flops,
    normals,
    work: flops + NORMAL_WORK * normals,
    dispatches: steps + measures + rounds + (ridges.length > 0 ? 1 : 0),
  };
}

export function costOf(schedule: Schedule, limits: DeviceLimits): JobCost {
  const systems = systemsOf(schedule);
  const { dimension, truth } = schedule;
  const sources = (truth.kind === 'coefficients' ? 1 : 2) * dimension;
  const setUp = { flops: 0, normals: sources, work: NORMAL_WORK * sources, dispatches: 2 };
  const passes = schedule.passes.map((pass) => workOf(schedule, pass, systems));
  const job = {
    dimension,
    workspace: workspaceOf(schedule),
    passes: [setUp, ...passes],
    mostTrials: limits.maxComputeWorkgroupsPerDimension,
    changesFor: () => ['a smaller dimension, a larger ridge, or more samples'],
  };
  return jobCost(job, limits);
}
