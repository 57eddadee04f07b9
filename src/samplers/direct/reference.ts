import {
  addOuterProduct,
  addScaled,
  cholesky,
  choleskySolve,
  dot,
  type Factorisation,
} from '../../reference/linalg.ts';
import { normalRow, normalsAt, Purpose } from '../../reference/normal.ts';
import { streamKey, truthDraw } from '../address.ts';
import { sequentialSource } from '../batch.ts';
import type { Pass, Schedule } from '../chain-schedule.ts';
import type { TrialSource } from '../sampler.ts';

/** The direct sampler in plain f64 loops: the same schedule, the same integers, no GPU. */
export function openDirectReference(schedule: Schedule, seed: number): TrialSource {
  return sequentialSource(schedule.cells, (trial) => runTrial(schedule, seed, trial));
}

function runTrial(schedule: Schedule, seed: number, trial: number) {
  const { dimension, spectrum } = schedule;
  const scale = Float64Array.from(spectrum, Math.sqrt);
  const models: Float64Array[] = [drawTruth(schedule, seed, trial)];
  const errors = new Float64Array(schedule.errors);
  const broken = new Set<number>();
  let factor: Factorisation | null = null;
  for (const pass of schedule.passes) {
    const design = drawDesign(pass, scale, seed, trial);
    const dual = pass.rows < dimension;
    const gram = pass.factorReady ? null : gramOf(design, dual);
    const sides = pass.sides.map((side) => {
      const labels = drawLabels(design, models[side.labels]!, side.noise, streamKey(seed, side.errors), trial);
      return dual ? labels : adjoint(design, labels);
    });
    pass.ridges.forEach((ridge, r) => {
      if (gram) factor = factorise(gram, dual ? pass.rows : dimension, ridge * pass.rows);
      if (factor!.kind !== 'ok') broken.add(pass.firstFactor + r);
      const estimates = sides.map((side) => {
        if (factor!.kind !== 'ok') return new Float64Array(dimension).fill(Number.NaN);
        const solution = choleskySolve(factor!.factor, side);
        return dual ? adjoint(design, solution) : solution;
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

export function drawTruth({ dimension, truth }: Schedule, seed: number, trial: number): Float64Array {
  if (truth.kind === 'coefficients') return Float64Array.from(truth.values);
  const w = new Float64Array(dimension);
  normalRow(streamKey(seed, truthDraw(dimension)), trial, 0, Purpose.truth, w);
  const factor = truth.kind === 'gaussian' ? Math.sqrt(truth.variance) : truth.norm / Math.sqrt(dot(w, w));
  return w.map((x) => factor * x);
}

function drawDesign(pass: Pass, scale: Float64Array, seed: number, trial: number): Float64Array[] {
  const key = streamKey(seed, pass.inputs);
  return Array.from({ length: pass.rows }, (_, row) => {
    const x = new Float64Array(scale.length);
    normalRow(key, trial, row, Purpose.design, x);
    return x.map((z, j) => z * scale[j]!);
  });
}

export function drawLabels(
  design: readonly Float64Array[],
  w: Float64Array,
  noise: number,
  key: readonly [number, number, number, number],
  trial: number,
): Float64Array {
  return Float64Array.from(
    design,
    (x, row) => dot(x, w) + noise * normalsAt(key, trial, row >> 2, 0, Purpose.noise)[row & 3]!,
  );
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
