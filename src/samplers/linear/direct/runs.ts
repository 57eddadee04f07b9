import type { FitPass } from '../../fit-schedule.ts';
import { type LabelSlice, labelSlicesOf } from './slices.ts';

/** Neighbours that one dispatch can serve. */

/** Sides from `first` on whose labels are for the same rows, in the same shares. */
interface AlikeSides {
  readonly first: number;
  /** By side, then by label. */
  readonly slices: readonly (readonly LabelSlice[])[];
}

/** The labels of rows `from .. from + rows`, sides by what is alike. */
export function alikeSides({ sides }: FitPass, from: number, rows: number): readonly AlikeSides[] {
  const slices = sides.map(({ labels }) => labelSlicesOf(labels, from, rows));
  return runsOf(slices.map((of) => JSON.stringify(of.map(rowsKey)))).map(({ start, count }) => ({
    first: start,
    slices: slices.slice(start, start + count),
  }));
}

const rowsKey = ({ into, rows, initial, label }: LabelSlice) => [into, rows, initial, label.share];

/** Tells label errors apart. */
export const errorsKey = ({ firstRow, label: { noise, errors } }: LabelSlice): string =>
  JSON.stringify([firstRow, noise, errors.unit, errors.generation]);

/** Runs of equal neighbours. */
export function runsOf(keys: readonly string[]): readonly { readonly start: number; readonly count: number }[] {
  const runs: { start: number; count: number }[] = [];
  for (const [i, key] of keys.entries()) {
    const last = runs.at(-1);
    if (last && keys[last.start] === key) last.count++;
    else runs.push({ start: i, count: 1 });
  }
  return runs;
}

/** Runs of numbers that rise in equal steps, or not at all. */
export function stepsOf(values: readonly number[]): readonly {
  readonly start: number;
  readonly count: number;
  readonly step: number;
}[] {
  const runs: { start: number; count: number; step: number }[] = [];
  for (const [i, value] of values.entries()) {
    const last = runs.at(-1);
    const rise = i > 0 ? value - values[i - 1]! : 0;
    if (last && rise >= 0 && (last.count === 1 || rise === last.step)) {
      last.step = rise;
      last.count++;
    } else runs.push({ start: i, count: 1, step: 0 });
  }
  return runs;
}
