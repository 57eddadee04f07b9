import type { Pair } from './visits.ts';

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
