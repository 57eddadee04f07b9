import type { TrialSource } from '../../../program/trials.ts';
import { chiPairAt } from '../../../reference/chi.ts';
import { cholesky, choleskySolve, dot } from '../../../reference/linalg.ts';
import { normalsAt, Purpose } from '../../../reference/normal.ts';
import { threefry4x32 } from '../../../reference/threefry.ts';
import { type ClassBlock, isClassFit } from '../../../regimes/class-recipe.ts';
import { streamKey } from '../../address.ts';
import { chancePattern, happens } from '../../chances.ts';
import type { ClassSchedule, FitStep } from '../schedule.ts';
import { labellerOf } from './labeller.ts';
import { spanBatch } from './measure.ts';
import { KNOWN, LEAST_KEPT } from './sizes.ts';

/** Where the numbers of what is beside the band stand. */
const BESIDE = 0x80000000;
const SIDES = KNOWN + 1;

/** The span sampler in plain f64 loops: the same integers, no GPU. */
export function openSpanReference(schedule: ClassSchedule, seed: number): TrialSource {
  const { fits } = schedule;
  return {
    capacity: Number.POSITIVE_INFINITY,
    run: async (first, count) => {
      const models = new Float64Array(KNOWN * fits.length * count);
      const shares = new Float64Array(fits.length * count);
      for (let trial = 0; trial < count; trial++)
        for (const [slot, { model, share }] of runTrial(schedule, seed, first + trial).entries()) {
          for (const [k, value] of model.entries()) models[(KNOWN * slot + k) * count + trial] = value;
          shares[slot * count + trial] = share;
        }
      return spanBatch(schedule, first, count, { models, shares }, count);
    },
    close: () => {},
  };
}

type Coordinates = readonly [number, number, number, number];
const NONE: Coordinates = [Number.NaN, Number.NaN, Number.NaN, Number.NaN];

/** A classifier, and the share of rows that was kept of those that chance would keep. */
interface Fitted {
  readonly model: Coordinates;
  readonly share: number;
}

function runTrial(schedule: ClassSchedule, seed: number, trial: number): readonly Fitted[] {
  const found: Fitted[] = [];
  for (const step of schedule.fits) found.push(fitted(schedule, step, found, seed, trial));
  return found;
}

function fitted(
  schedule: ClassSchedule,
  step: FitStep,
  before: readonly Fitted[],
  seed: number,
  trial: number,
): Fitted {
  const { fit } = step;
  const labeller = labellerOf(step);
  const model = labeller === null ? null : before[labeller]!.model;
  // Second moments of x_1 .. x_4 and y over the kept rows: a lower triangle.
  const moments = new Float64Array(SIDES * SIDES);
  let passed = 0;
  for (const block of fit.blocks)
    for (const { row, kept } of passedRows(schedule, block, model, seed, trial)) {
      passed++;
      if (!kept) continue;
      for (let i = 0; i < SIDES; i++) for (let j = 0; j <= i; j++) moments[SIDES * i + j]! += row[i]! * row[j]!;
    }
  const kept = moments.at(-1)!;
  const share = kept / passed;
  if (!(kept >= LEAST_KEPT)) return { model: NONE, share };
  const rows = fit.blocks.reduce((sum, block) => sum + block.rows, 0);
  const key = streamKey(seed, fit.draw);
  return { model: solved(moments, kept, rows * fit.ridge, schedule.dimension - KNOWN, key, trial), share };
}

/** The four coordinates and the label of every row that chance would keep, and whether the judge's score keeps it. */
function* passedRows(
  { dimension, separation, norm }: ClassSchedule,
  block: ClassBlock,
  model: Coordinates | null,
  seed: number,
  trial: number,
) {
  const { rows, draw, labels, response, flips, keep, estimated } = block;
  const key = streamKey(seed, draw);
  const label = labels === 'truth' ? null : isClassFit(labels) ? model! : [...labels, 0];
  const length = isClassFit(labels) ? 1 : norm;
  const mean = [separation, 0, 0, 0];
  if (estimated) {
    mean[0]! += normalsAt(key, trial, BESIDE, 0, Purpose.design)[0] / Math.sqrt(estimated.rows);
    mean[3]! += chiPairAt(key, trial, BESIDE, [dimension - 1, 0])[0] / Math.sqrt(estimated.rows);
  }
  const judge = unit(keep.judge === 'labeller' ? (label ?? [1, 0, 0, 0]) : [...keep.judge, 0]);
  const [flipped, right, wrong] = [flips, keep.right, keep.wrong].map(chancePattern) as [number, number, number];
  for (let row = 0; row < rows; row++) {
    const x = normalsAt(key, trial, row, 0, Purpose.design);
    const words = threefry4x32([trial, row, 0, Purpose.token], key);
    const classOf = words[0] >= 0x80000000 ? -1 : 1;
    for (let k = 0; k < KNOWN; k++) x[k]! += classOf * mean[k]!;
    const truth = separation > 0 ? classOf : signOf(x[0]);
    let y = label === null ? truth : signOf(dotted(x, label));
    if (response === 'sigmoid') {
      const said = length * dotted(x, label ?? [1, 0, 0, 0]);
      y = words[3] * 2 ** -32 < 1 / (1 + Math.exp(-said)) ? 1 : -1;
    }
    if (happens(words[1], flipped)) y = -y;
    if (!happens(words[2], y === truth ? right : wrong)) continue;
    const size = Math.abs(dotted(x, judge));
    const agrees = !keep.agree || signOf(dotted(x, judge)) === y;
    yield { row: [...x, y], kept: size >= keep.least && size <= keep.most && agrees };
  }
}

const signOf = (score: number) => (score >= 0 ? 1 : -1);
const dotted = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
const unit = (v: readonly number[]) => v.map((x) => x / Math.hypot(...v));

/** The fit, literally as shaders/samplers/class-fit.wgsl says: the band written out, and solved as a whole. */
function solved(
  moments: Float64Array,
  kept: number,
  penalty: number,
  columns: number,
  key: ReturnType<typeof streamKey>,
  trial: number,
): Coordinates {
  const root = cholesky(moments, SIDES);
  if (root.kind !== 'ok') return NONE;
  const R = (i: number, j: number) => root.factor[SIDES * j + i]!;
  const freedom = kept - SIDES;
  const gram = bandGram(freedom, columns, penalty, key, trial);
  const G = Array.from({ length: SIDES }, () => new Float64Array(columns));
  for (let row = 0; row < SIDES; row++) {
    const z = normalsAt(key, trial, BESIDE + row, 0, Purpose.reduced);
    G[row]![row] = chiPairAt(key, trial, BESIDE + row, [columns - row, 0])[0];
    for (let j = row + 1; j < SIDES; j++) G[j]![row] = z[j - row - 1]!;
  }
  const Y = gram.solve(G);
  // J = (1 + S)^-1, S = G'Y.
  const inner = new Float64Array(SIDES * SIDES);
  for (let i = 0; i < SIDES; i++)
    for (let j = 0; j <= i; j++) inner[SIDES * i + j] = (i === j ? 1 : 0) + dot(G[i]!, Y[j]!);
  const innerRoot = cholesky(inner, SIDES);
  if (innerRoot.kind !== 'ok') return NONE;
  const column = (j: number) => Float64Array.from({ length: SIDES }, (_, i) => (i <= j ? R(i, j) : 0));
  const weighed = Array.from({ length: SIDES }, (_, j) => choleskySolve(innerRoot.factor, column(j)));
  const normal = new Float64Array(KNOWN * KNOWN);
  for (let i = 0; i < KNOWN; i++)
    for (let j = 0; j <= i; j++) normal[KNOWN * i + j] = dot(column(i), weighed[j]!) + (i === j ? penalty : 0);
  const side = Float64Array.from({ length: KNOWN }, (_, i) => dot(column(i), weighed[KNOWN]!));
  const normalRoot = cholesky(normal, KNOWN);
  if (normalRoot.kind !== 'ok') return NONE;
  const w = choleskySolve(normalRoot.factor, side);
  const rest = weighed[KNOWN]!.map((value, i) => value - w.reduce((sum, x, j) => sum + x * weighed[j]![i]!, 0));
  const beside = Float64Array.from({ length: columns }, (_, c) => rest.reduce((sum, x, i) => sum + x * Y[i]![c]!, 0));
  return [w[0]!, w[1]!, w[2]!, Math.sqrt(w[3]! ** 2 + dot(beside, beside))];
}

/** B'B + penalty, B upper banded, by its lower band: solves for vectors. */
function bandGram(freedom: number, columns: number, penalty: number, key: ReturnType<typeof streamKey>, trial: number) {
  // band[i][k]: entry (i, i - k).
  const band = Array.from({ length: columns }, () => new Float64Array(SIDES + 1));
  for (const entries of band) entries[0] = penalty;
  for (let row = 0; row < Math.min(freedom, columns); row++) {
    const z = normalsAt(key, trial, row, 0, Purpose.reduced);
    const [first, last] = chiPairAt(key, trial, row, [freedom - row, Math.max(0, columns - SIDES - row)]);
    const b = [first, ...z, last];
    for (let i = 0; i <= SIDES && row + i < columns; i++)
      for (let j = 0; j <= i; j++) band[row + i]![i - j]! += b[i]! * b[j]!;
  }
  // Cholesky within the band.
  for (let i = 0; i < columns; i++)
    for (let k = Math.min(i, SIDES); k >= 0; k--) {
      const j = i - k;
      let sum = band[i]![k]!;
      for (let c = Math.max(0, i - SIDES, j - SIDES); c < j; c++) sum -= band[i]![i - c]! * band[j]![j - c]!;
      band[i]![k] = k === 0 ? Math.sqrt(sum) : sum / band[j]![0]!;
    }
  const solve = (sides: readonly Float64Array[]) =>
    sides.map((side) => {
      const x = side.slice();
      for (let i = 0; i < columns; i++) {
        for (let k = Math.min(i, SIDES); k > 0; k--) x[i]! -= band[i]![k]! * x[i - k]!;
        x[i]! /= band[i]![0]!;
      }
      for (let i = columns - 1; i >= 0; i--) {
        for (let k = 1; k <= SIDES && i + k < columns; k++) x[i]! -= band[i + k]![k]! * x[i + k]!;
        x[i]! /= band[i]![0]!;
      }
      return x;
    });
  return { solve };
}
