import { chiPairAt } from '../../reference/chi.ts';
import {
  addOuterProduct,
  addScaled,
  cholesky,
  choleskySolve,
  dot,
  type Factorisation,
} from '../../reference/linalg.ts';
import { normalRow, normalsAt, Purpose, type StreamKey } from '../../reference/normal.ts';
import { threefry4x32 } from '../../reference/threefry.ts';
import type { Projection, Shifted } from '../../regimes/recipe.ts';
import { streamKey, truthDraw } from '../address.ts';
import { sequentialSource } from '../batch.ts';
import type { Design } from '../design.ts';
import type { TrialSource } from '../sampler.ts';
import type { Schedule, Side, Trial } from '../schedule.ts';

/** The direct sampler in plain f64 loops: the same schedule, the same integers, no GPU. */
export function openDirectReference(schedule: Schedule, seed: number): TrialSource {
  return sequentialSource(schedule.cells, (trial) => runTrial(schedule, seed, trial));
}

function runTrial(schedule: Schedule, seed: number, trial: number) {
  const { dimension, spectrum } = schedule;
  const models: Float64Array[] = [drawTruth(schedule, seed, trial)];
  for (const { slot, model } of schedule.shifts) models[slot] = drawShifted(models[0]!, model, seed, trial);
  const errors = new Float64Array(schedule.errors);
  const broken = new Set<number>();
  let factor: Factorisation | null = null;
  for (const pass of schedule.passes) {
    const picks = chosenRows(pass.design, seed, trial);
    const inputs = drawInputs(pass.design, picks, spectrum, seed, trial);
    const { projection } = pass.design;
    const random = projection ? drawProjection(projection, dimension, seed, trial) : null;
    const design = random ? inputs.map((x) => adjoint(random, x)) : inputs;
    const features = design[0]!.length;
    const dual = pass.rows < features;
    const gram = pass.factorReady ? null : gramOf(design, dual);
    const sides = pass.sides.map((side) => {
      const y = drawStackedLabels(pass.design, picks, inputs, side, models, seed, trial);
      return dual ? y : adjoint(design, y);
    });
    pass.ridges.forEach((ridge, r) => {
      if (gram) factor = factorise(gram, dual ? pass.rows : features, ridge * pass.rows);
      if (factor!.kind !== 'ok') broken.add(pass.firstFactor + r);
      const estimates = sides.map((side) => {
        if (factor!.kind !== 'ok') return new Float64Array(dimension).fill(Number.NaN);
        const solution = choleskySolve(factor!.factor, side);
        const fitted = dual ? adjoint(design, solution) : solution;
        return random ? Float64Array.from(random, (row) => dot(row, fitted)) : fitted;
      });
      estimates.forEach((estimate, s) => {
        if (pass.measured) errors[pass.firstError + r * sides.length + s] = testError(estimate, models[0]!, spectrum);
      });
      for (const output of pass.outputs)
        if (output.ridge === r && output.slot !== null) models[output.slot] = estimates[output.side]!;
    });
  }
  return { errors, broken };
}

export function drawTruth(
  { dimension, truth }: Pick<Trial, 'dimension' | 'truth'>,
  seed: number,
  trial: number,
): Float64Array {
  if (truth.kind === 'coefficients') return Float64Array.from(truth.values);
  const w = new Float64Array(dimension);
  normalRow(streamKey(seed, truthDraw(dimension)), trial, 0, Purpose.truth, w);
  const factor = truth.kind === 'gaussian' ? Math.sqrt(truth.variance) : truth.norm / Math.sqrt(dot(w, w));
  return w.map((x) => factor * x);
}

function drawShifted(truth: Float64Array, { shift, deviations, scale }: Shifted, seed: number, trial: number) {
  const z = new Float64Array(truth.length);
  normalRow(streamKey(seed, shift), trial, 0, Purpose.truth, z);
  return truth.map((w, j) => w + scale * deviations[j]! * z[j]!);
}

/** Which rows of all parts a fit sees, in rising order: all, or those chosen by selection sampling (Knuth, TAOCP 2, 3.4.2 S). */
function chosenRows({ parts, subsample }: Design, seed: number, trial: number): readonly number[] {
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
function drawInputs(
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
function drawProjection({ features, draw }: Projection, dimension: number, seed: number, trial: number) {
  const key = streamKey(seed, draw);
  return Array.from({ length: dimension }, (_, row) => {
    const x = new Float64Array(features);
    normalRow(key, trial, row, Purpose.design, x);
    return x.map((z) => z / Math.sqrt(dimension));
  });
}

/** Labels of weighted rows. */
function drawStackedLabels(
  { parts }: Design,
  picks: readonly number[],
  inputs: readonly Float64Array[],
  side: Side,
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

/** X' y */
export function adjoint(design: readonly Float64Array[], y: Float64Array): Float64Array {
  const sum = new Float64Array(design[0]!.length);
  design.forEach((x, row) => {
    addScaled(sum, y[row]!, x);
  });
  return sum;
}

/** Lower triangle of X'X, or of XX' in the dual. */
export function gramOf(design: readonly Float64Array[], dual: boolean): Float64Array {
  const order = dual ? design.length : design[0]!.length;
  const gram = new Float64Array(order * order);
  if (!dual) for (const x of design) addOuterProduct(gram, x);
  else for (let i = 0; i < order; i++) for (let j = 0; j <= i; j++) gram[i * order + j] = dot(design[i]!, design[j]!);
  return gram;
}

export function factorise(gram: Float64Array, order: number, penalty: number): Factorisation {
  const matrix = gram.slice();
  for (let i = 0; i < order; i++) matrix[i * order + i]! += penalty;
  return cholesky(matrix, order);
}

export function testError(estimate: Float64Array, truth: Float64Array, spectrum: readonly number[]): number {
  return spectrum.reduce((sum, s, j) => sum + s * (estimate[j]! - truth[j]!) ** 2, 0);
}
