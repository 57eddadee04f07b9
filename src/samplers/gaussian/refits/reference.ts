import type { TrialSource } from '../../../program/trials.ts';
import { chiPairAt } from '../../../reference/chi.ts';
import { normalRow, Purpose, type StreamKey } from '../../../reference/normal.ts';
import { streamKey } from '../../address.ts';
import { sequentialSource } from '../../batch.ts';
import type { RefitCell, RefitSchedule, RefitStep } from './schedule.ts';

/** Rows that were seen: their mean, and the lower triangular L of their scatter L L', row by row. */
interface Seen {
  readonly mean: Float64Array;
  readonly factor: readonly Float64Array[];
}

/** The sampler of refits in plain f64 loops: the same integers, no GPU. */
export function openRefitReference(schedule: RefitSchedule, seed: number): TrialSource {
  return sequentialSource(schedule.cells, (trial) => {
    const slots: Seen[] = [];
    for (const step of schedule.steps) slots[step.to] = joined(schedule.dimension, step, slots, seed, trial);
    return { errors: schedule.cells.map((cell) => measured(slots[cell.slot]!, cell)) };
  });
}

function joined(d: number, step: RefitStep, slots: readonly Seen[], seed: number, trial: number): Seen {
  const { rows, from, by, seen, scale } = step;
  const key = streamKey(seed, step.draw);
  const maker = by === null ? null : slots[by]!;
  const before = from === null ? null : slots[from]!;
  const mean = before ? before.mean.slice() : new Float64Array(d);
  const factor = before
    ? before.factor.map((row) => row.slice())
    : Array.from({ length: d }, (_, i) => new Float64Array(i + 1));
  const z = normals(key, trial, d, d);
  const apart = spread(maker, scale, z).map((x, i) => x / Math.sqrt(rows) + (maker?.mean[i] ?? 0) - mean[i]!);
  for (let i = 0; i < d; i++) mean[i]! += (apart[i]! * rows) / (seen + rows);
  const weight = Math.sqrt((seen * rows) / (seen + rows));
  if (seen > 0)
    join(
      factor,
      apart.map((x) => weight * x),
      0,
    );
  for (let j = 0; j < Math.min(d, rows - 1); j++) {
    const column = normals(key, trial, j, d);
    column.fill(0, 0, j);
    const chi = chiPairAt(key, trial, j >> 1, [rows - 1 - 2 * (j >> 1), Math.max(0, rows - 2 - 2 * (j >> 1))]);
    column[j] = chi[j & 1]!;
    join(factor, spread(maker, scale, column), j);
  }
  return { mean, factor };
}

function normals(key: StreamKey, trial: number, row: number, count: number): Float64Array {
  const z = new Float64Array(count);
  normalRow(key, trial, row, Purpose.reduced, z);
  return z;
}

/** Of what a maker draws: its factor times a vector; the truth's is I. */
function spread(maker: Seen | null, scale: number, vector: Float64Array): Float64Array {
  if (maker === null) return vector;
  return vector.map((_, i) => scale * maker.factor[i]!.reduce((sum, entry, k) => sum + entry * vector[k]!, 0));
}

/** The factor of L L' + g g', g zero before `first`: one rotation for every entry. */
function join(factor: readonly Float64Array[], g: Float64Array, first: number): void {
  for (let j = first; j < factor.length; j++) {
    const own = factor[j]![j]!;
    const length = Math.hypot(own, g[j]!);
    if (length === 0) continue;
    const [cosine, sine] = [own / length, g[j]! / length];
    for (let i = j; i < factor.length; i++) {
      const entry = factor[i]![j]!;
      factor[i]![j] = cosine * entry + sine * g[i]!;
      g[i] = cosine * g[i]! - sine * entry;
    }
  }
}

function measured({ mean, factor }: Seen, { scale, measure }: RefitCell): number {
  const d = mean.length;
  if (measure === 'mean') return mean.reduce((sum, x) => sum + x * x, 0);
  if (measure === 'variance')
    return (scale ** 2 * factor.reduce((sum, row) => sum + row.reduce((a, x) => a + x * x, 0), 0)) / d;
  const volume = 2 * factor.reduce((sum, row, i) => sum + Math.log(scale * Math.abs(row[i]!)), 0);
  if (measure === 'log-volume') return volume / d;
  let inverse = solved(factor, mean, 0);
  for (let j = 0; j < d; j++) {
    const unit = new Float64Array(d);
    unit[j] = 1;
    inverse += solved(factor, unit, j);
  }
  return (inverse / scale ** 2 - d + volume) / 2;
}

/** |L^-1 x|^2 of an x that is zero before `first`. */
function solved(factor: readonly Float64Array[], x: Float64Array, first: number): number {
  const y = x.slice();
  let square = 0;
  for (let i = first; i < y.length; i++) {
    for (let k = first; k < i; k++) y[i]! -= factor[i]![k]! * y[k]!;
    y[i]! /= factor[i]![i]!;
    square += y[i]! ** 2;
  }
  return square;
}
