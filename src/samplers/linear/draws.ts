import { chiPairAt } from '../../reference/chi.ts';
import { dot } from '../../reference/linalg.ts';
import { normalRow, normalsAt, Purpose, type StreamKey } from '../../reference/normal.ts';
import { threefry4x32 } from '../../reference/threefry.ts';
import type { Projection, Shifted } from '../../regimes/recipe.ts';
import { streamKey, truthDraw } from '../address.ts';
import type { Design } from '../design.ts';
import type { RightHandSide, TrialLayout } from '../fit-schedule.ts';

/** What the trials of `direct` are made of, in f64: the same integers as on the device. */

export function drawTruth(
  { dimension, truth }: Pick<TrialLayout, 'dimension' | 'truth'>,
  seed: number,
  trial: number,
): Float64Array {
  if (truth.kind === 'coefficients') return Float64Array.from(truth.values);
  const w = new Float64Array(dimension);
  normalRow(streamKey(seed, truthDraw(dimension)), trial, 0, Purpose.truth, w);
  const factor = truth.kind === 'gaussian' ? Math.sqrt(truth.variance) : truth.norm / Math.sqrt(dot(w, w));
  return w.map((x) => factor * x);
}

/** How far a shifted truth is from the truth. */
export function drawShift({ shift, deviations, scale }: Shifted, seed: number, trial: number): Float64Array {
  const z = new Float64Array(deviations.length);
  normalRow(streamKey(seed, shift), trial, 0, Purpose.truth, z);
  return z.map((value, j) => scale * deviations[j]! * value);
}

/** Which rows of all parts a fit sees, in rising order: all, or those chosen by selection sampling (Knuth, TAOCP 2, 3.4.2 S). */
export function chosenRows({ parts, subsample }: Design, seed: number, trial: number): readonly number[] {
  const pool = parts.reduce((sum, { rows }) => sum + rows, 0);
  if (!subsample) return Array.from({ length: pool }, (_, i) => i);
  const key = streamKey(seed, subsample.draw);
  const picks: number[] = [];
  for (let i = 0; i < pool; i++) {
    const word = threefry4x32([trial, i >> 2, 0, Purpose.token], key)[(i & 3) as 0 | 1 | 2 | 3];
    if (Number((BigInt(word) * BigInt(pool - i)) >> 32n) < subsample.rows - picks.length) picks.push(i);
  }
  return picks;
}

/** Rows of a design, each times the root of its weight. */
export function drawInputs(
  { parts }: Design,
  picks: readonly number[],
  spectrum: readonly number[],
  seed: number,
  trial: number,
): Float64Array[] {
  const starts = parts.map((_, p) => parts.slice(0, p).reduce((sum, { rows }) => sum + rows, 0));
  const drawn = parts.map((part) => ({
    key: streamKey(seed, part.inputs),
    scale: Float64Array.from(part.spectrum ?? spectrum, (s) => Math.sqrt(part.weight * s)),
  }));
  return picks.map((pick) => {
    const p = starts.findLastIndex((start) => start <= pick);
    const { key, scale } = drawn[p]!;
    const { first, samples } = parts[p]!;
    const row = first + pick - starts[p]!;
    if (samples) return triangularRow(key, scale, samples, trial, row);
    const x = new Float64Array(scale.length);
    normalRow(key, trial, row, Purpose.design, x);
    return x.map((z, j) => z * scale[j]!);
  });
}

/** A row of R, X = Q R with so many rows: chi on the diagonal, normals to the right of it, times the roots of the eigenvalues. */
export function triangularRow(key: StreamKey, scale: Float64Array, samples: number, trial: number, row: number) {
  const x = new Float64Array(scale.length);
  normalRow(key, trial, row, Purpose.reduced, x);
  x.fill(0, 0, row);
  x[row] = chiPairAt(key, trial, row, [samples - row, 0])[0];
  return x.map((z, j) => z * scale[j]!);
}

/** The rows of S. */
export function drawProjection({ features, draw }: Projection, dimension: number, seed: number, trial: number) {
  const key = streamKey(seed, draw);
  return Array.from({ length: dimension }, (_, row) => {
    const x = new Float64Array(features);
    normalRow(key, trial, row, Purpose.design, x);
    return x.map((z) => z / Math.sqrt(dimension));
  });
}

/** Labels of weighted rows. */
export function drawStackedLabels(
  { parts }: Design,
  picks: readonly number[],
  inputs: readonly Float64Array[],
  side: RightHandSide,
  models: readonly Float64Array[],
  seed: number,
  trial: number,
): Float64Array {
  const roots = parts.flatMap(({ rows, weight }) => new Array<number>(rows).fill(Math.sqrt(weight)));
  const y = new Float64Array(inputs.length);
  for (const { row, rows, labels, share, noise, errors, first } of side.labels) {
    const key = streamKey(seed, errors);
    picks.forEach((pick, t) => {
      if (pick < row || pick >= row + rows) return;
      const g = normalAt(key, trial, first + pick - row);
      y[t]! += share * (dot(inputs[t]!, models[labels]!) + roots[pick]! * noise * g);
    });
  }
  return y;
}

/** Label error number `row` of its draw. */
function normalAt(key: StreamKey, trial: number, row: number): number {
  return normalsAt(key, trial, row >> 2, 0, Purpose.noise)[(row & 3) as 0 | 1 | 2 | 3];
}

export function drawLabels(
  design: readonly Float64Array[],
  w: Float64Array,
  noise: number,
  key: StreamKey,
  trial: number,
): Float64Array {
  return Float64Array.from(design, (x, row) => dot(x, w) + noise * normalAt(key, trial, row));
}

export function testError(estimate: Float64Array, truth: Float64Array, spectrum: readonly number[]): number {
  return spectrum.reduce((sum, s, j) => sum + s * (estimate[j]! - truth[j]!) ** 2, 0);
}
