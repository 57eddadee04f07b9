import type { TrialSource } from '../../../program/trials.ts';
import { chiPairAt } from '../../../reference/chi.ts';
import { normalsAt, Purpose, type StreamKey } from '../../../reference/normal.ts';
import { streamKey, truthDraw } from '../../address.ts';
import { sequentialSource } from '../../batch.ts';
import type { ChainPass, ChainSchedule } from '../chain-schedule.ts';
import { CHI, NORMAL } from './address.ts';
import { penaltyOf, truthSize } from './scaling.ts';
import { type Bidiagonal, columnsOf, dampedLeastSquares } from './solve.ts';

/** The bidiagonal sampler in plain f64 loops: the same integers, but explicit solutions in place of recurrences. */
export function openBidiagonalReference(schedule: ChainSchedule, seed: number): TrialSource {
  return sequentialSource(schedule.cells, (trial) => ({ errors: runTrial(schedule, seed, trial) }));
}

/** A model seen from the truth: w - w0 = x e0 + y e1, e0 along w0 and y >= 0; along = ||w0|| + x, which x forgets where little of w is left. */
interface Deviation {
  readonly x: number;
  readonly y: number;
  readonly along: number;
}

/**
 * What a fit makes of the model w that labels it, for label noise s: it adds ||w|| signal + s noise, or in other words keeps
 * ||w|| kept + s noise, kept = signal + e. Each is worked out by itself. Entry 0 is along w, the others are normal to it.
 */
interface Response {
  readonly signal: Float64Array;
  readonly kept: Float64Array;
  readonly noise: Float64Array;
}

function runTrial(schedule: ChainSchedule, seed: number, trial: number): Float64Array {
  const norm = truthNorm(schedule, seed, trial);
  const models: Deviation[] = [{ x: 0, y: 0, along: norm }];
  const errors = new Float64Array(schedule.errors);
  for (const pass of schedule.passes) {
    const key = streamKey(seed, pass.inputs);
    const direction = haarDirection(key, trial, schedule.dimension);
    const bidiagonal = pass.ridges.some((ridge) => ridge > 0) ? drawBidiagonal(pass, schedule, key, trial) : null;
    pass.ridges.forEach((ridge, r) => {
      const response =
        ridge > 0
          ? ridgeResponse(bidiagonal!, penaltyOf(schedule, pass, ridge))
          : ridgelessResponse(pass.rows, schedule.dimension, key, trial);
      const fits = pass.sides.map((side) => step(models[side.labels]!, norm, response, side.noise, direction));
      fits.forEach(({ x, y }, s) => {
        if (pass.measured) errors[pass.firstError + r * fits.length + s] = x * x + y * y;
      });
      for (const output of pass.outputs)
        if (output.ridge === r && output.slot !== null) models[output.slot] = fits[output.side]!;
    });
  }
  return errors;
}

/** ||w0||, whitened. */
function truthNorm(schedule: ChainSchedule, seed: number, trial: number): number {
  const size = truthSize(schedule);
  if (schedule.truth.kind !== 'gaussian') return size;
  const key = streamKey(seed, truthDraw(schedule.dimension));
  return size * chiPairAt(key, trial, CHI.truth, [schedule.dimension, 0])[0];
}

/** One coordinate of a unit vector uniform in d - 1 dimensions, and the length of the others. */
function haarDirection(key: StreamKey, trial: number, dimension: number): [number, number] {
  const [chi] = chiPairAt(key, trial, CHI.direction, [Math.max(dimension, 2) - 2, 0]);
  const n = normalsAt(key, trial, NORMAL.scalars, 0, Purpose.reduced)[1];
  const length = Math.hypot(n, chi);
  return [n / length, chi / length];
}

/** B and U'g of the design X = U B V' started at the model that labels it (docs/samplers.md). */
function drawBidiagonal({ rows }: ChainPass, { dimension }: ChainSchedule, key: StreamKey, trial: number): Bidiagonal {
  const order = Math.min(rows, dimension);
  const chis = Array.from({ length: order }, (_, i) => chiPairAt(key, trial, i, [rows - i, dimension - 1 - i]));
  return {
    columns: columnsOf(rows, dimension),
    diagonal: Float64Array.from(chis, ([chi]) => chi),
    above: Float64Array.from(chis, ([, chi]) => chi),
    noise: Float64Array.from(
      chis,
      (_, i) => normalsAt(key, trial, NORMAL.rows + (i >> 2), 0, Purpose.reduced)[(i & 3) as 0 | 1 | 2 | 3],
    ),
  };
}

/** The right-hand sides of min ||B u - s z||^2 + M ||u + ||w|| e_1||^2 and of the same for u + ||w|| e_1, for ||w|| = 1 and s = 1. */
function ridgeResponse(bidiagonal: Bidiagonal, penalty: number): Response {
  const pull = new Float64Array(bidiagonal.columns);
  pull[0] = -Math.sqrt(penalty);
  const [none, still] = [new Float64Array(bidiagonal.diagonal.length), new Float64Array(bidiagonal.columns)];
  const along = none.slice();
  along[0] = bidiagonal.diagonal[0]!;
  return {
    signal: dampedLeastSquares(bidiagonal, penalty, none, pull),
    kept: dampedLeastSquares(bidiagonal, penalty, along, still),
    noise: dampedLeastSquares(bidiagonal, penalty, bidiagonal.noise, still),
  };
}

/** Least squares of minimum norm: see shaders/samplers/ridgeless-response.wgsl. */
function ridgelessResponse(rows: number, dimension: number, key: StreamKey, trial: number): Response {
  const order = Math.min(rows, dimension);
  const [beside, divisor] = chiPairAt(key, trial, CHI.ratio, [order - 1, Math.abs(rows - dimension) + 1]);
  const n = normalsAt(key, trial, NORMAL.scalars, 0, Purpose.reduced)[0];
  const noise = [n / divisor, beside / divisor] as const;
  if (rows >= dimension)
    return { signal: Float64Array.of(0, 0), kept: Float64Array.of(1, 0), noise: Float64Array.of(...noise) };
  // P e = kept (kept e + lost f), and the first entry of X^+ g is along P e.
  const parts = chiPairAt(key, trial, CHI.parts, [rows, dimension - rows]);
  const [kept, lost] = parts.map((part) => part / Math.hypot(...parts)) as [number, number];
  return {
    signal: Float64Array.of(-lost * lost, kept * lost, 0),
    kept: Float64Array.of(kept * kept, kept * lost, 0),
    noise: Float64Array.of(kept * noise[0], lost * noise[0], noise[1]),
  };
}

function step(
  model: Deviation,
  norm: number,
  response: Response,
  noise: number,
  direction: [number, number],
): Deviation {
  const length = Math.hypot(model.along, model.y);
  const [cosine, sine] = length > 0 ? [model.along / length, model.y / length] : [1, 0];
  const along = (part: Float64Array) => length * part[0]! + noise * response.noise[0]!;
  // Either sum is exact; the one of shorter terms has the smaller rounding errors.
  const [added, kept] = [along(response.signal), along(response.kept)];
  const sum = ({ x, y }: Pick<Deviation, 'x' | 'y'>, signal: Float64Array, forward: number) => {
    const change = signal.map((part, j) => length * part + noise * response.noise[j]!);
    const sideways = Math.sqrt(change.reduce((all, u, j) => (j > 0 ? all + u * u : 0), 0));
    const [inside, outside] = direction.map((part) => sideways * part) as [number, number];
    return { x: x + forward * cosine - inside * sine, y: Math.hypot(y + forward * sine + inside * cosine, outside) };
  };
  const deviation = sum(model, response.signal, added);
  const own = sum({ x: 0, y: 0 }, response.kept, kept);
  const isAdded = Math.hypot(model.x, model.y) + Math.abs(added) <= Math.abs(kept) + norm;
  return { x: isAdded ? deviation.x : own.x - norm, y: isAdded ? deviation.y : own.y, along: own.x };
}
