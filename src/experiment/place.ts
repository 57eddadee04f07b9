import { z } from 'zod';
import type { PlacedSweep } from './cells.ts';
import type { Cell } from './experiment.ts';
import { show } from './json.ts';
import { finite } from './numbers.ts';
import { unknownName } from './problem.ts';

/** Swept numbers by their dotted paths: a cell, or those of a curve. */
export const place = z.record(z.string(), finite(), { error: "an object { 'dotted.path': number, … }" });

type Place = z.output<typeof place>;

/** How far `at` may be from the value it means, relative to it: three digits read off an axis, not two neighbours of a grid. */
const PLACE = 0.02;

/** Index of the one cell that is meant, or what is wrong with the place. */
export function placeOf(at: Place, sweeps: readonly PlacedSweep[], cells: readonly Cell[]): number | string {
  const known = sweeps.map(({ path }) => path);
  const stray = Object.keys(at).find((path) => !known.includes(path));
  if (stray !== undefined) return unknownName('axis', stray, known);
  const missing = sweeps.find(({ path, sweep }) => sweep.values.length > 1 && !Object.hasOwn(at, path));
  if (missing) return `found ${show(at)}, which matches several cells, need ${show(missing.path)} too`;
  const nearest = new Map<string, number>();
  for (const { path, sweep } of sweeps) {
    const wanted = at[path];
    const value = wanted === undefined ? sweep.values[0]! : nearestTo(wanted, sweep.values);
    if (wanted !== undefined && Math.abs(value - wanted) > PLACE * Math.abs(wanted))
      return `found ${show(at)}, which matches no cell: ${path} is nearest at ${Number(value.toPrecision(6))}`;
    nearest.set(path, value);
  }
  return cells.findIndex((cell) => Object.entries(cell.at).every(([path, value]) => nearest.get(path) === value));
}

function nearestTo(wanted: number, values: readonly number[]): number {
  return values.reduce((best, value) => (Math.abs(value - wanted) < Math.abs(best - wanted) ? value : best));
}
