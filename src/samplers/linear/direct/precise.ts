import { addScaled, dot } from '../../../reference/linalg.ts';
import { minimumNorm, penalised, type Solver, solveTransposed, triangleOf } from '../../../reference/minimum-norm.ts';
import { drawName } from '../../../regimes/draw.ts';
import type { Design } from '../../design.ts';
import type { FitPass, FitSchedule } from '../../fit-schedule.ts';
import * as draws from '../draws.ts';
import { genericRank, zerosOf } from './rank.ts';

/**
 * The test errors of one trial where normal equations will not do, from the same integers as everywhere. In f64, by orthogonal
 * transformations of the designs themselves; their rank is known from how they are made. A model is kept as its distance from the truth:
 * beside a large truth a small error would lose its digits.
 */
export function preciseErrors(schedule: FitSchedule, seed: number, trial: number): Float64Array {
  const { dimension, spectrum, passes, shifts, scaled } = schedule;
  const truth = draws.drawTruth(schedule, seed, trial);
  const apart: Float64Array[] = [new Float64Array(dimension)];
  for (const { slot, model } of shifts) apart[slot] = draws.drawShift(model, seed, trial);
  for (const { slot, model } of scaled) apart[slot] = truth.map((w, j) => (model.factors[j]! - 1) * w);
  const errors = new Float64Array(schedule.errors);
  for (const pass of passes) {
    const picks = draws.chosenRows(pass.design, seed, trial);
    const inputs = draws.drawInputs(pass.design, picks, spectrum, seed, trial);
    const groups = groupsOf(pass.design, picks);
    const rows = merged(inputs, groups);
    const labels = pass.sides.map((side) => {
      const y = draws.drawStackedLabels(pass.design, picks, inputs, side, apart, seed, trial);
      return Float64Array.from(groups, (group) => group.reduce((sum, t) => sum + y[t]!, 0) / Math.sqrt(group.length));
    });
    const projection = pass.design.projection
      ? draws.drawProjection(pass.design.projection, dimension, seed, trial)
      : null;
    pass.ridges.forEach((ridge, r) => {
      const estimateOf = fitOf(pass, rows, rankOf(pass.design, groups, picks, spectrum), projection, ridge, truth);
      const estimates = labels.map(estimateOf);
      estimates.forEach((estimate, s) => {
        const error = spectrum.reduce((sum, value, j) => sum + value * estimate[j]! ** 2, 0);
        if (pass.measured) errors[pass.firstError + r * labels.length + s] = error;
      });
      for (const { side, ridge: of, slot } of pass.outputs)
        if (of === r && slot !== null) apart[slot] = estimates[side]!;
    });
  }
  return errors;
}

/** Numbers of the rows of a fit that are the same row, by the first of them. Only a random part of the data has any. */
function groupsOf({ parts, subsample }: Design, picks: readonly number[]): readonly (readonly number[])[] {
  if (!subsample) return picks.map((_, t) => [t]);
  const starts = parts.map((_, p) => parts.slice(0, p).reduce((sum, { rows }) => sum + rows, 0));
  const groups = new Map<string, number[]>();
  picks.forEach((pick, t) => {
    const p = starts.findLastIndex((start) => start <= pick);
    const { inputs, first, spectrum } = parts[p]!;
    const name = JSON.stringify([drawName(inputs), first + pick - starts[p]!, spectrum]);
    const group = groups.get(name);
    if (group) group.push(t);
    else groups.set(name, [t]);
  });
  return [...groups.values()];
}

/** Each row once, with the weight of all that are the same; its label is their mean. */
const merged = (inputs: readonly Float64Array[], groups: readonly (readonly number[])[]): readonly Float64Array[] =>
  groups.map((group) => inputs[group[0]!]!.map((x) => x * Math.sqrt(group.length)));

/** Of the inputs. */
function rankOf(
  { parts }: Design,
  groups: readonly (readonly number[])[],
  picks: readonly number[],
  spectrum: readonly number[],
): number {
  const zeros = zerosOf(parts, spectrum.length);
  if (!zeros) return Math.min(groups.length, spectrum.length);
  return genericRank(
    groups.map((group) => zeros(picks[group[0]!]!)),
    spectrum.length,
  );
}

/** From labels less those of the truth to the estimate less the truth. */
function fitOf(
  { rows: counted }: FitPass,
  rows: readonly Float64Array[],
  rank: number,
  projection: readonly Float64Array[] | null,
  ridge: number,
  truth: Float64Array,
): (y: Float64Array) => Float64Array {
  const dimension = truth.length;
  const penalty = ridge * counted;
  const from = (solver: Solver, start: Float64Array) => (y: Float64Array) => solver(y, start);
  if (!projection || (ridge === 0 && rank === dimension && projection[0]!.length >= dimension))
    return from(penalised(rows, rank, penalty), truth);
  const features = projection[0]!.length;
  if (features < dimension) {
    // The truth is out of reach: what it makes of the rows is fitted with the rest.
    const solver = penalised(products(rows, projection), Math.min(rank, features), penalty);
    const clean = rows.map((row) => dot(row, truth));
    return (y) => {
      const v = solver(
        y.map((value, t) => value + clean[t]!),
        new Float64Array(features),
      );
      return Float64Array.from(projection, (row, j) => dot(row, v) - truth[j]!);
    };
  }
  if (rank < dimension) {
    const start = minimumNorm(projection, dimension)(truth, new Float64Array(features));
    const solver = from(penalised(products(rows, projection), rank, penalty), start);
    return (y) => expanded(projection, solver(y));
  }
  // S = L Q': a penalty on v is one on u = Q'v, and there are no more u than dimensions.
  const triangle = triangleOf(projection);
  const root = projection.map(() => new Float64Array(dimension));
  triangle.order.forEach((row, k) => {
    root[row]!.set(triangle.r[k]!.subarray(0, k + 1));
  });
  const solver = from(penalised(products(rows, root), dimension, penalty), solveTransposed(triangle, truth));
  return (y) => expanded(root, solver(y));
}

/** Row by row x'S. */
const products = (rows: readonly Float64Array[], matrix: readonly Float64Array[]): Float64Array[] =>
  rows.map((row) => {
    const image = new Float64Array(matrix[0]!.length);
    row.forEach((x, j) => {
      addScaled(image, x, matrix[j]!);
    });
    return image;
  });

const expanded = (matrix: readonly Float64Array[], v: Float64Array): Float64Array =>
  Float64Array.from(matrix, (row) => dot(row, v));
