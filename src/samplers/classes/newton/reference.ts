import type { TrialSource } from '../../../program/trials.ts';
import { cholesky, choleskySolve, dot } from '../../../reference/linalg.ts';
import { normalRow, Purpose } from '../../../reference/normal.ts';
import { threefry4x32 } from '../../../reference/threefry.ts';
import { type ClassBlock, type ClassFit, isClassFit } from '../../../regimes/class-recipe.ts';
import { streamKey } from '../../address.ts';
import { chancePattern, happens } from '../../chances.ts';
import type { ClassSchedule } from '../schedule.ts';
import { newtonBatch } from './batch.ts';
import { SETTLED, stepsOf } from './steps.ts';

/** The newton sampler without a device: the same integers, in plain f64 loops. */
export function openNewtonReference(schedule: ClassSchedule, seed: number): TrialSource {
  const { fits } = schedule;
  return {
    capacity: Number.POSITIVE_INFINITY,
    run: async (first, count) => {
      const outcomes = new Float64Array(3 * fits.length * count);
      for (let trial = 0; trial < count; trial++)
        for (const [number, { w, settled }] of fitsOf(schedule, seed, first + trial).entries()) {
          const across = w.subarray(1);
          for (const [part, value] of [w[0]!, dot(across, across), settled ? 0 : 1].entries())
            outcomes[(3 * number + part) * count + trial] = value;
        }
      return newtonBatch(schedule, first, count, outcomes, count);
    },
    close: () => {},
  };
}

interface Fitted {
  readonly w: Float64Array;
  readonly settled: boolean;
}

/** A row and its label, 0 where it is dropped. */
interface Row {
  readonly x: Float64Array;
  readonly y: number;
}

export function fitsOf(schedule: ClassSchedule, seed: number, trial: number): readonly Fitted[] {
  const found: Fitted[] = [];
  for (const { fit, labellers } of schedule.fits) {
    const rows = fit.blocks.flatMap((block, i) => {
      const labeller = labellers[i];
      return rowsOf(schedule, block, labeller == null ? null : found[labeller]!.w, seed, trial);
    });
    found.push(newton(rows, fit));
  }
  return found;
}

/** Rows of a block and their labels; `model` labels them if a fit does. */
export function rowsOf(
  { dimension, separation, norm }: ClassSchedule,
  block: ClassBlock,
  model: Float64Array | null,
  seed: number,
  trial: number,
): readonly Row[] {
  const { rows, draw, labels, response, flips, keep } = block;
  const key = streamKey(seed, draw);
  const inputs = inputsOf(block, dimension, seed, trial);
  const [flipped, right, wrong] = [flips, keep.right, keep.wrong].map(chancePattern) as [number, number, number];
  const placed = (direction: readonly number[]) => {
    const v = new Float64Array(dimension);
    v.set(direction.slice(0, dimension).map((x) => norm * x));
    return v;
  };
  const labeller = isClassFit(labels) ? model! : placed(labels === 'truth' ? [1] : labels);
  const judge = keep.judge === 'labeller' ? labeller : placed(keep.judge);
  return Array.from({ length: rows }, (_, row) => {
    const words = threefry4x32([trial, row, 0, Purpose.token], key);
    const classOf = classFrom(words);
    const x = inputs(row, classOf);
    x[0]! += classOf * separation;
    const truth = separation > 0 ? classOf : signOf(x[0]!);
    const score = dot(x, labeller);
    let y = labels === 'truth' ? truth : signOf(score);
    if (response === 'sigmoid') y = words[3] * 2 ** -32 < sigmoid(score) ? 1 : -1;
    if (happens(words[1], flipped)) y = -y;
    const told = dot(x, judge);
    const size = Math.abs(told) / Math.sqrt(dot(judge, judge));
    const isKept =
      size >= keep.least &&
      size <= keep.most &&
      (!keep.agree || signOf(told) === y) &&
      happens(words[2], y === truth ? right : wrong);
    return { x, y: isKept ? y : 0 };
  });
}

/** What rows are beside their class's mean. */
function inputsOf({ rows, draw, estimated }: ClassBlock, dimension: number, seed: number, trial: number) {
  const normals = (key: ReturnType<typeof streamKey>, row: number, length: number) => {
    const entries = new Float64Array(length);
    normalRow(key, trial, row, Purpose.design, entries);
    return entries;
  };
  const key = streamKey(seed, draw);
  if (estimated === null) return (row: number) => normals(key, row, dimension);
  const behind = Array.from({ length: estimated.rows }, (_, t) =>
    normals(streamKey(seed, estimated.draw), t, dimension),
  );
  const g = behind.map((_, t) => normals(key, t, rows));
  const mean = behind[0]!.map((_, j) => behind.reduce((sum, z) => sum + z[j]!, 0) / estimated.rows);
  return (row: number, classOf: number) =>
    mean.map((m, j) => {
      const centred = behind.reduce((sum, z, t) => sum + g[t]![row]! * (z[j]! - m), 0);
      return classOf * m + centred / Math.sqrt(estimated.rows);
    });
}

const classFrom = (words: ArrayLike<number>) => (words[0]! >= 0x80000000 ? -1 : 1);
const signOf = (score: number) => (score >= 0 ? 1 : -1);
const sigmoid = (score: number) => 1 / (1 + Math.exp(-score));

/** Newton's method from 0, so many steps whatever comes. */
function newton(rows: readonly Row[], fit: ClassFit): Fitted {
  const [n, d] = [rows.length, rows[0]!.x.length];
  const squares = fit.loss === 'squares';
  const w = new Float64Array(d);
  let settled = squares;
  for (let step = 0; step < stepsOf(fit); step++) {
    const hessian = new Float64Array(d * d);
    const gradient = w.map((value) => -fit.ridge * n * value);
    for (const { x, y } of rows) {
      if (y === 0) continue;
      const score = dot(x, w);
      const p = sigmoid(score);
      const residual = squares ? y - score : (y > 0 ? 1 : 0) - p;
      const weight = squares ? 1 : p * (1 - p);
      for (let i = 0; i < d; i++) {
        gradient[i]! += x[i]! * residual;
        for (let j = 0; j <= i; j++) hessian[i * d + j]! += weight * x[i]! * x[j]!;
      }
    }
    for (let i = 0; i < d; i++) hessian[i * d + i]! += fit.ridge * n;
    const root = cholesky(hessian, d);
    if (root.kind !== 'ok') return { w: w.fill(Number.NaN), settled: false };
    const change = choleskySolve(root.factor, gradient);
    for (let i = 0; i < d; i++) w[i]! += change[i]!;
    if (!squares) settled = dot(change, change) <= SETTLED ** 2 * dot(w, w);
  }
  return { w, settled };
}
