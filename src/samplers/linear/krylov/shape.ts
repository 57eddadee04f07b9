import { MOST_BLOCKS } from '../../../kernels/krylov.ts';
import type { RowSource } from '../../../kernels/tiles.ts';
import { type Target, TUNINGS } from '../../../kernels/tuning.ts';
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

/** Bytes of workgroup memory that every device has. */
const WORKGROUP_BYTES = 2 ** 14;

/**
 * How a workgroup solves. A processor runs the lanes of a subgroup at once, switches from one subgroup to the next at every
 * barrier and reads memory lane by lane: one subgroup it is, and a row a lane. A GPU wants lanes that read neighbours, and more of
 * them for longer vectors. The newest vectors stand in workgroup memory where it has room for them. Its sizes come in few steps,
 * since each is compiled anew.
 */
export function workgroupOf(shared: RowSource, dimension: number, capacity: number) {
  const onProcessor = shared === 'broadcast';
  const CAPACITY = 2 ** Math.ceil(Math.log2(Math.max(64, capacity)));
  const wanted = onProcessor ? 8 : dimension <= 512 ? 64 : dimension <= 1024 ? 128 : 256;
  const others = (lanes: number) => 24 * (CAPACITY + 4) + 72 * lanes + 72 * (1 + lanes / 16) + 300;
  const LANES = [wanted, 128, 64].find((lanes) => lanes <= wanted && others(lanes) <= WORKGROUP_BYTES) ?? 32;
  const width = 32 * Math.ceil(dimension / 128);
  const WIDTH = others(LANES) + 96 * width <= WORKGROUP_BYTES ? width : 0;
  return { CAPACITY, LANES, WIDTH, SEGMENTS: onProcessor ? 1 : 8, PAIRED: !onProcessor };
}

/** Blocks of four columns a lane that a kernel is compiled for. */
const BLOCKS = [1, 2, 3, 4, 6, 8, 10, 12, MOST_BLOCKS];

/**
 * How the lanes of one subgroup solve, without barriers (krylov-lanes.wgsl): on a processor whose subgroups all have one size, up to the
 * dimension at which their registers, that is the first cache, hold the vectors. Null elsewhere.
 */
export function lanesOf({ tuning, subgroup }: Target, dimension: number) {
  if (TUNINGS[tuning].rows !== 'broadcast' || subgroup === undefined) return null;
  const needed = Math.ceil(strideOf(dimension) / 4 / subgroup);
  const found = BLOCKS.find((blocks) => blocks >= needed);
  return found === undefined ? null : { LANES: subgroup, BLOCKS: found };
}

/** Numbers of the triangle of a solve: a matrix of columns and rows, or lines of vec4 in the order of krylov-lanes.wgsl. */
export const triangleWords = (capacity: number, systems: number, lines: boolean): number =>
  lines ? 4 * (capacity + 8) * (Math.floor(capacity / systems) + 4) : (capacity + 3) * (capacity + 8);
