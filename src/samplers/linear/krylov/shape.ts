import type { Target } from '../../../kernels/tuning.ts';
import type { ChainPass, ChainSchedule } from '../chain-schedule.ts';
import { stepsOf } from './convergence.ts';

/** Directions beyond which a solve is no longer cheap. */
export const MOST_DIRECTIONS = 512;

export const hasRidge = (pass: ChainPass): boolean => pass.ridges.some((ridge) => ridge > 0);

/** Systems solved together: truth, label noise, and the deviation of the labelling models where there is a chain. */
export function systemsOf({ passes }: ChainSchedule): 2 | 3 {
  return passes.some((pass) => hasRidge(pass) && pass.sides.some(({ labels }) => labels > 0)) ? 3 : 2;
}

/** Directions to hold for one solve: the bound, and room for the scatter of a finite spectrum. */
export function directionsOf(spectrum: readonly number[], rows: number, ridge: number, systems: number): number {
  return systems * (Math.ceil(1.15 * stepsOf(spectrum, rows, ridge)) + 3) + 1;
}

/** The same for the smallest ridge of a pass, which needs most. */
export function directionsOfPass({ spectrum }: ChainSchedule, pass: ChainPass, systems: number): number {
  const smallest = Math.min(...pass.ridges.filter((ridge) => ridge > 0));
  return directionsOf(spectrum, pass.rows, smallest, systems);
}

/** Directions that buffers have room for. */
export function capacityOf(schedule: ChainSchedule): number {
  const systems = systemsOf(schedule);
  const needed = schedule.passes.filter(hasRidge).map((pass) => directionsOfPass(schedule, pass, systems));
  return Math.ceil(Math.max(1, ...needed) / 16) * 16;
}

export const strideOf = (dimension: number): number => Math.ceil(dimension / 4) * 4;

/** Operations of a solve that takes so many directions: six passes over those so far for each, and what does not grow. */
export const solveFlops = (directions: number, dimension: number): number =>
  6 * directions ** 2 * dimension + 60 * directions * dimension + directions ** 3;

/**
 * Lanes of a workgroup that solves, and how many share an inner product. A processor runs the lanes of a subgroup at once and
 * switches from one subgroup to the next at every barrier: one it is. A GPU wants lanes that read neighbours, and more of them for
 * longer vectors, as many as workgroup memory of 16 KiB has room for.
 */
export function lanesOf({ software }: Target, dimension: number, capacity: number) {
  if (software) return { LANES: 8, SEGMENTS: 1 };
  const wanted = dimension <= 512 ? 64 : dimension <= 1024 ? 128 : 256;
  const fits = (lanes: number) => 24 * (capacity + 4) + 48 * lanes + 800 <= 2 ** 14;
  return { LANES: [wanted, 128].find((lanes) => lanes <= wanted && fits(lanes)) ?? 64, SEGMENTS: 8 };
}
