import type { TrialSource } from '../../../program/trials.ts';
import {
  addOuterProduct,
  addScaled,
  cholesky,
  choleskySolve,
  dot,
  type Factorisation,
  scaledCondition,
  weakestPivot,
} from '../../../reference/linalg.ts';
import { sequentialSource } from '../../batch.ts';
import type { FitSchedule } from '../../fit-schedule.ts';
import * as draws from '../draws.ts';
import { signalOver } from './beyond.ts';
import { preciseErrors } from './precise.ts';

/** Length of the truth over the root of a test error beyond which an estimate has lost six digits of its distance to the truth. */
const MOST_SIGNAL = 1e6;

/** Share of its diagonal entry that a pivot keeps, below which normal equations have lost half of the digits. */
const WEAK = 1e-8;

/**
 * The direct sampler in plain f64 loops: the same schedule, the same integers, no GPU. Fits whose normal equations are too near
 * singular, by their rank or by their numbers, are done again without them.
 */
export function openDirectReference(schedule: FitSchedule, seed: number): TrialSource {
  const isDrowned = schedule.passes.some((pass) => signalOver(schedule, pass) > MOST_SIGNAL);
  return sequentialSource(schedule.cells, (trial) => {
    if (isDrowned) return { errors: preciseErrors(schedule, seed, trial) };
    const { errors, weak } = runTrial(schedule, seed, trial);
    if (weak.size === 0) return { errors };
    const precise = preciseErrors(schedule, seed, trial);
    for (const { error, factors } of schedule.cells)
      if (factors.some((factor) => weak.has(factor))) errors[error] = precise[error]!;
    return { errors };
  });
}

/** Condition number of every matrix that a trial factors, scaled to unit diagonal; infinite where it has no factor. By number of the factor. */
export function conditionsOfTrial(schedule: FitSchedule, seed: number, trial: number): ReadonlyMap<number, number> {
  const conditions = new Map<number, number>();
  runTrial(schedule, seed, trial, watchInto(conditions));
  return conditions;
}

/** Puts the condition number of every matrix down. */
export function watchInto(conditions: Map<number, number>): FactorWatch {
  return (number, gram, penalty, factor) => {
    const condition = factor.kind === 'ok' ? scaledCondition(gram, penalty, factor.factor) : Number.POSITIVE_INFINITY;
    conditions.set(number, condition);
  };
}

/** Told of every matrix `gram` + penalty I and its factor. */
export type FactorWatch = (number: number, gram: Float64Array, penalty: number, factor: Factorisation) => void;

function runTrial(schedule: FitSchedule, seed: number, trial: number, watch?: FactorWatch) {
  const { dimension, spectrum } = schedule;
  const truth = draws.drawTruth(schedule, seed, trial);
  const models: Float64Array[] = [truth];
  for (const { slot, model } of schedule.shifts) {
    const shift = draws.drawShift(model, seed, trial);
    models[slot] = truth.map((w, j) => w + shift[j]!);
  }
  for (const { slot, model } of schedule.scaled) models[slot] = truth.map((w, j) => model.factors[j]! * w);
  const errors = new Float64Array(schedule.errors);
  const weak = new Set<number>();
  let factor: Factorisation | null = null;
  for (const pass of schedule.passes) {
    const picks = draws.chosenRows(pass.design, seed, trial);
    const inputs = draws.drawInputs(pass.design, picks, spectrum, seed, trial);
    const { projection } = pass.design;
    const random = projection ? draws.drawProjection(projection, dimension, seed, trial) : null;
    const design = random ? inputs.map((x) => adjoint(random, x)) : inputs;
    const features = design[0]!.length;
    const dual = pass.rows < features;
    const gram = pass.factorReady ? null : gramOf(design, dual);
    const sides = pass.sides.map((side) => {
      const y = draws.drawStackedLabels(pass.design, picks, inputs, side, models, seed, trial);
      return dual ? y : adjoint(design, y);
    });
    pass.ridges.forEach((ridge, r) => {
      if (gram) {
        factor = factorise(gram, dual ? pass.rows : features, ridge * pass.rows);
        if (!(weakestPivot(factor, gram, ridge * pass.rows) > WEAK)) weak.add(pass.firstFactor + r);
        watch?.(pass.firstFactor + r, gram, ridge * pass.rows, factor);
      }
      const estimates = sides.map((side) => {
        if (factor!.kind !== 'ok') return new Float64Array(dimension).fill(Number.NaN);
        const solution = choleskySolve(factor!.factor, side);
        const fitted = dual ? adjoint(design, solution) : solution;
        return random ? Float64Array.from(random, (row) => dot(row, fitted)) : fitted;
      });
      estimates.forEach((estimate, s) => {
        if (pass.measured) errors[pass.firstError + r * sides.length + s] = draws.testError(estimate, truth, spectrum);
      });
      for (const output of pass.outputs)
        if (output.ridge === r && output.slot !== null) models[output.slot] = estimates[output.side]!;
    });
  }
  return { errors, weak };
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
