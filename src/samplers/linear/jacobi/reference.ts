import type { TrialSource } from '../../../program/trials.ts';
import { chiPairAt } from '../../../reference/chi.ts';
import { normalRow, normalsAt, Purpose, type StreamKey } from '../../../reference/normal.ts';
import { streamKey } from '../../address.ts';
import { sequentialSource } from '../../batch.ts';
import { CHI, NORMAL } from './address.ts';
import { levelsOf, tailsOf } from './shape.ts';
import { type Form, leastSquares } from './solve.ts';
import type { BlockFit, Pair, Plan, Shift, Visit } from './visits.ts';

/** The Jacobi sampler in plain f64 loops: the same integers, but explicit matrices in place of recurrences. */
export function openJacobiReference(plan: Plan, seed: number): TrialSource {
  return sequentialSource(plan.cells, (trial) => ({ errors: runTrial(plan, seed, trial) }));
}

function runTrial({ dimension, modelSlots, shifts, visits, ...plan }: Plan, seed: number, trial: number) {
  /** How far each model is from the truth, all along one direction. */
  const models = new Float64Array(modelSlots);
  const errors = new Float64Array(plan.errors);
  for (const shift of shifts) models[shift.slot] = shiftLength(shift, seed, trial);
  for (const visit of visits) {
    const draw = drawEnsemble(visit, dimension, streamKey(seed, visit.draw), trial);
    for (const fit of visit.fits) {
      const error = fitted(draw, fit, models);
      if (fit.slot !== null) models[fit.slot] = Math.sqrt(error);
      if (fit.error !== null) errors[fit.error] = error;
    }
  }
  return errors;
}

function shiftLength({ draw, deviations, scale }: Shift, seed: number, trial: number): number {
  const z = new Float64Array(deviations.length);
  normalRow(streamKey(seed, draw), trial, 0, Purpose.reduced, z);
  return scale * Math.sqrt(z.reduce((sum, x, j) => sum + (deviations[j]! * x) ** 2, 0));
}

/** What a design of two blocks comes to (docs/samplers.md). */
interface Ensemble {
  /** The blocks' orthonormal columns from the direction of the signal on, and the label noise in their coordinates. */
  readonly forms: readonly [Form, Form];
  readonly noise: readonly [Float64Array, Float64Array];
  /** Lengths of the noise in directions that only one block sees. */
  readonly tails: Pair;
  /** chi_T. */
  readonly first: number;
  /** chi_{T - d + 1}. */
  readonly last: number;
  readonly normal: number;
}

function drawEnsemble({ rows }: Visit, dimension: number, key: StreamKey, trial: number): Ensemble {
  const total = rows[0] + rows[1];
  const levels = levelsOf(rows, dimension);
  const split = Array.from({ length: levels }, (_, i) =>
    unitPair(chiPairAt(key, trial, 2 * i, [rows[0] - i, rows[1] - i])),
  );
  const carried = Array.from({ length: levels - 1 }, (_, i) =>
    unitPair(chiPairAt(key, trial, 2 * i + 1, [total - dimension - i, dimension - 1 - i])),
  );
  const normals = split.map((_, i) => normalsAt(key, trial, i >> 1, 0, Purpose.reduced).slice(2 * (i & 1)));
  // Column i reaches level i with the cosine of the level before, and level i - 1 with its sine.
  const kept = (i: number) => carried[i - 1]?.[0] ?? 1;
  const passed = (i: number) => carried[i]?.[1] ?? 0;
  const form = (block: 0 | 1): Form => ({
    diagonal: Float64Array.from(split, (share, i) => kept(i) * share[block]),
    above: Float64Array.from(split, ([c, s], i) => passed(i) * (block === 0 ? -s : c)),
  });
  const noise = (block: 0 | 1) => Float64Array.from(normals, (z) => z[block]!);
  const [first, last] = chiPairAt(key, trial, CHI.lengths, [total, total - dimension + 1]);
  return {
    forms: [form(0), form(1)],
    noise: [noise(0), noise(1)],
    tails: chiPairAt(key, trial, CHI.tails, tailsOf(rows, dimension)),
    first,
    last,
    normal: normalsAt(key, trial, NORMAL.scalars, 0, Purpose.reduced)[0],
  };
}

/** Cosine and sine of the angle; (1, 0) where both numbers are 0 and nothing depends on them. */
function unitPair([a, b]: Pair): Pair {
  const length = Math.hypot(a, b);
  return length > 0 ? [a / length, b / length] : [1, 0];
}

/** The test error of a fit. */
function fitted(draw: Ensemble, { weights, noises, labels }: BlockFit, models: Float64Array): number {
  const from = models[labels[0]]!;
  const signal = (models[labels[1]]! - from) * draw.first;
  const sides = ([0, 1] as const).map((block) => draw.noise[block].map((z) => noises[block] * z)) as [
    Float64Array,
    Float64Array,
  ];
  sides[1][0]! += draw.forms[1].diagonal[0]! * signal;
  const [along, ...beside] = leastSquares(draw.forms, weights, sides);
  const lengths = [...beside, noises[0] * draw.tails[0], noises[1] * draw.tails[1]];
  const rest = Math.hypot(...lengths) / draw.last;
  const forward = from + (along! - rest * draw.normal) / draw.first;
  return forward ** 2 + rest ** 2;
}
